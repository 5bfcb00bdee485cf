package io.millrace.stages;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.embedded.broker.ShortSessions;
import io.millrace.plugin.hook.OnError;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.topic.TopicCatalogue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Stages with an {@link AskingHook} in a process of their own, to be killed. */
final class StageProcess {

  /** Longer than a killed process is missed. */
  private static final Duration BUDGET = Duration.ofMinutes(2);

  private StageProcess() {}

  /** Starts one; its output goes to a file. */
  static Process start(
      KafkaConnection connection, TopicCatalogue topics, String server, Path state, Path log)
      throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            StageProcess.class.getName(),
            connection.bootstrapServers(),
            connection.schemaRegistryUrl(),
            topics.prefix(),
            server,
            state.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** Runs stages until the process is killed. */
  public static void main(String[] args) throws InterruptedException {
    TopicCatalogue topics = new TopicCatalogue(args[2], 1);
    try (HookStages stages =
        HookStages.start(
            config(topics, Path.of(args[4]), args[3], BUDGET, OnError.FAIL),
            ShortSessions.over(args[0], args[1]),
            topics,
            new SimpleMeterRegistry())) {
      Thread.currentThread().join();
      throw new IllegalStateException(
          "only a kill ends this process", stages.failure().orElse(null));
    }
  }

  /** Stages whose only hook asks a server. */
  static HookStagesConfig config(
      TopicCatalogue topics, Path state, String server, Duration budget, OnError onError) {
    return StageConfigs.of(
        topics,
        state,
        List.of(
            new HookSetting(
                AskingHook.NAME,
                new AskingHook(budget),
                onError,
                null,
                true,
                Map.of("server", server))));
  }
}
