package io.millrace.launcher.cli;

import io.millrace.launcher.pipeline.LocalPipelineConfig;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for the ports of a pipeline on this machine; 0 means a free one. */
final class PortOptions {

  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      description = "Default: embedded.kafka_port of the configuration (9092). 0 for a free one.")
  private @Nullable Integer kafkaPort;

  @Option(
      names = "--registry-port",
      paramLabel = "PORT",
      description =
          "Default: embedded.registry_port of the configuration (8081). 0 for a free one.")
  private @Nullable Integer registryPort;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      description = "Default: http.port of the configuration (8080). 0 for a free one.")
  private @Nullable Integer httpPort;

  /** The given ports over others. */
  LocalPipelineConfig over(LocalPipelineConfig config) {
    return new LocalPipelineConfig(
        config.settings(),
        config.dataDir(),
        Objects.requireNonNullElse(kafkaPort, config.kafkaPort()),
        Objects.requireNonNullElse(registryPort, config.registryPort()),
        Objects.requireNonNullElse(httpPort, config.httpPort()));
  }

  /** Ingest's port alone. */
  int httpPortOr(int configured) {
    return Objects.requireNonNullElse(httpPort, configured);
  }
}
