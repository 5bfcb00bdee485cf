package io.millrace.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.launcher.cli.LoggingSetup;
import io.millrace.launcher.config.ConfigLoader;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.RemotePipeline;
import io.millrace.launcher.pipeline.Role;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.topic.HomeScope;
import io.millrace.schemas.topic.TopicCatalogue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * The pipeline under measurement: roles in this process, put together and logging to a file as the
 * command line does it.
 *
 * @param roles running
 * @param settings the configuration in force
 */
record Pipeline(RemotePipeline roles, MillraceConfig settings) implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * Starts it and returns when it is ready.
   *
   * @param changes what differs from the default configuration, as in a configuration file
   */
  static Pipeline start(
      KafkaConnection connection, Path folder, Set<Role> roles, Map<String, Object> changes)
      throws IOException {
    MillraceConfig settings = new ConfigLoader(Map.of()).load(write(folder, changes)).config();
    LoggingSetup.toFile(folder, settings.logging(), false);
    return new Pipeline(RemotePipeline.start(settings, roles, connection, folder, 0), settings);
  }

  /** Writes a configuration file. */
  static Path write(Path folder, Map<String, Object> changes) throws IOException {
    Path file = folder.resolve("millrace.json");
    MAPPER.writeValue(file.toFile(), changes);
    return file;
  }

  /** A simulated provider that takes so long for every call. */
  static Map<String, Object> simulated(long latencyMillis) {
    return Map.of("simulated", Map.of("type", "simulated", "latency_ms", latencyMillis));
  }

  TopicCatalogue topics() {
    return settings.topicCatalogue();
  }

  HomeScope scope() {
    return settings.home().scope();
  }

  /** Throws when a part of it has stopped. */
  void checkHealth() {
    roles
        .failure()
        .ifPresent(
            failure -> {
              throw new IllegalStateException("the pipeline stopped", failure);
            });
  }

  @Override
  public void close() {
    roles.close();
  }
}
