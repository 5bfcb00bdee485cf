package io.millrace.launcher.cli;

import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.RunningPipeline;
import io.millrace.schemas.kafka.KafkaConnection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which pipeline a command talks to; use as a {@code @Mixin}. */
public final class ClusterOptions {

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT,...",
      description = "Kafka's addresses. Default: the configuration's, else those of 'millrace up'.")
  private @Nullable String bootstrapServers;

  @Option(
      names = "--schema-registry",
      paramLabel = "URL,...",
      description =
          "The schema registry's addresses. Default: the configuration's, else that of"
              + " 'millrace up'.")
  private @Nullable String schemaRegistry;

  /** Whether an address was given on the command line. */
  public boolean given() {
    return bootstrapServers != null || schemaRegistry != null;
  }

  /**
   * How to reach the pipeline: these options, else the configuration, else the pipeline that {@code
   * millrace up} runs from the same data folder.
   *
   * @throws CommandFailure when none of them says
   */
  public KafkaConnection connection(GlobalOptions global) {
    return find(global)
        .orElseThrow(
            () ->
                new CommandFailure(
                    "no pipeline found that runs on "
                        + global.dataDir().toAbsolutePath().normalize()
                        + ": start one with 'millrace up', name its folder with --data-dir, or a"
                        + " cluster with --bootstrap-servers and --schema-registry"));
  }

  /** The same, but empty when none of them says. */
  Optional<KafkaConnection> find(GlobalOptions global) {
    MillraceConfig config = global.clientConfig();
    Map<String, String> properties = new HashMap<>(config.kafka());
    put(properties, CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    put(properties, KafkaConnection.SCHEMA_REGISTRY_URL, schemaRegistry);
    if (!properties.containsKey(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG) && !given()) {
      return RunningPipeline.find(global.dataDir()).map(RunningPipeline::connection);
    }
    require(properties, CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "--bootstrap-servers");
    require(properties, KafkaConnection.SCHEMA_REGISTRY_URL, "--schema-registry");
    return Optional.of(new KafkaConnection(properties));
  }

  private static void put(Map<String, String> properties, String key, @Nullable String value) {
    if (value != null) {
      properties.put(key, value);
    }
  }

  private static void require(Map<String, String> properties, String key, String option) {
    if (!properties.containsKey(key)) {
      throw new CommandFailure(
          "the address %s is missing: give %s, or set kafka.%s in the configuration"
              .formatted(key, option, key));
    }
  }
}
