package io.millrace.workers;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.topic.TopicCatalogue;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Workers in a process of their own, to be killed. */
final class WorkerProcess {

  private WorkerProcess() {}

  /** Starts one; its output goes to a file. */
  static Process start(DispatchFixture fixture, String baseUrl, int maxInFlight, Path log)
      throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            WorkerProcess.class.getName(),
            fixture.connection().bootstrapServers(),
            String.valueOf(
                fixture.connection().properties().get(KafkaConnection.SCHEMA_REGISTRY_URL)),
            fixture.topics().prefix(),
            baseUrl,
            Integer.toString(maxInFlight));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(log.toString())))
        .start();
  }

  /** Runs workers until the process is killed, or drains them when it is told to stop. */
  public static void main(String[] args) throws InterruptedException {
    ProviderSetting setting =
        ProviderSetting.of("openai")
            .withSettings(Map.of("base_url", args[3]))
            .withRetries(RetrySetting.none())
            .withMaxInFlight(Integer.parseInt(args[4]));
    try (ProviderWorkers workers =
        ProviderWorkers.start(
            ProviderWorkersConfig.defaults()
                .withProviders(Map.of(DispatchFixture.PROVIDER, setting)),
            KafkaConnection.of(args[0], args[1]),
            new TopicCatalogue(args[2], 2),
            new SimpleMeterRegistry())) {
      Runtime.getRuntime().addShutdownHook(new Thread(workers::close));
      Thread.currentThread().join();
      throw new IllegalStateException(
          "only a kill ends this process", workers.failure().orElse(null));
    }
  }
}
