package io.millrace.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.embedded.broker.FreePorts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A command that finds no Kafka; it looks for it for ten seconds, so others run meanwhile. */
@Execution(ExecutionMode.CONCURRENT)
class UnreachableKafkaTest {

  @Test
  void shouldSayThatKafkaIsNotThereWhenItIsNot() {
    int unused = FreePorts.next();
    CommandRun run =
        CommandRun.of(
            "topics",
            "list",
            "--bootstrap-servers",
            "127.0.0.1:" + unused,
            "--schema-registry",
            "http://127.0.0.1:" + unused);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("Kafka at 127.0.0.1:" + unused + " cannot be reached", "check the address")
        .doesNotContain("\tat ");
    assertThat(run.err().lines()).hasSize(1);
  }
}
