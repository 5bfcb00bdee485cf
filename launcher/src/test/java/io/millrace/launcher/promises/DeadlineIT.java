package io.millrace.launcher.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.launcher.pipeline.Role;
import io.millrace.launcher.promises.PipelineUnderTest.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every exchange has a deadline, kept also when nobody is there to call the provider (I5). */
class DeadlineIT {

  @TempDir Path folder;

  @Test
  void shouldAnswerWithDeadlineExceededWhenThereIsNoWorker() {
    try (PipelineUnderTest pipeline =
        PipelineUnderTest.start(
            folder, EnumSet.of(Role.INGEST, Role.HOOKS), Map.of(), "profile: development\n")) {
      Answer answer = pipeline.ask("simulated/small", Duration.ofSeconds(2));
      assertThat(answer.status()).isEqualTo(504);
      assertThat(answer.errorCode()).isEqualTo("deadline_exceeded");
    }
  }
}
