package io.millrace.stages;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.topic.TopicCatalogue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Holds the plan of the default chain: a change of it is a decision, not an accident. */
class PlanTest {

  private static final String GOLDEN = "default-plan.txt";

  @Test
  void shouldHoldTheDefaultPlan() throws IOException {
    String plan =
        HookStages.describe(
            HookStagesConfig.defaults(Path.of("state")),
            new TopicCatalogue("millrace.", 4),
            new SimpleMeterRegistry());
    if (Boolean.getBoolean("millrace.plan.write")) {
      Files.writeString(Path.of("src/test/resources/io/millrace/stages", GOLDEN), plan);
    }
    try (InputStream golden = Objects.requireNonNull(getClass().getResourceAsStream(GOLDEN))) {
      assertThat(plan)
          .as("-Dmillrace.plan.write=true writes the plan anew")
          .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
