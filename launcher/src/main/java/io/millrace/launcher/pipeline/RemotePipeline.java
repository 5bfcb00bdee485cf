package io.millrace.launcher.pipeline;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.schemas.kafka.KafkaConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Roles in this process against a cluster outside it. Thread-safe. */
public final class RemotePipeline implements AutoCloseable {

  private final RoleGroup roles;
  private final Plugins plugins;
  private final OperationsServer operations;

  private RemotePipeline(RoleGroup roles, Plugins plugins, OperationsServer operations) {
    this.roles = roles;
    this.plugins = plugins;
    this.operations = operations;
  }

  /**
   * Creates topics that are missing, starts the roles and returns when all are ready.
   *
   * @param wanted at least one
   * @param dataDir where state stores live
   * @param httpPort ingest's port, 0 for a free one
   * @throws io.millrace.launcher.config.ConfigException when a plugin cannot be loaded, or its
   *     configuration is wrong; nothing was started then
   * @throws PipelineException when the cluster or the registry cannot be reached, or a role does
   *     not come up; nothing stays open then
   */
  public static RemotePipeline start(
      MillraceConfig settings,
      Set<Role> wanted,
      KafkaConnection connection,
      Path dataDir,
      int httpPort) {
    Plugins plugins = Plugins.load(settings, dataDir);
    try {
      return start(settings, wanted, connection, dataDir, httpPort, plugins);
    } catch (RuntimeException e) {
      EmbeddedServers.closeAfter(e, plugins);
      throw e;
    }
  }

  private static RemotePipeline start(
      MillraceConfig settings,
      Set<Role> wanted,
      KafkaConnection connection,
      Path dataDir,
      int httpPort,
      Plugins plugins) {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Reachability.check(connection);
    PipelineTopics.createMissing(
        PipelineTopics.of(settings, dataDir, plugins),
        connection,
        settings.topics().replicationFactor());
    OperationsServer operations =
        OperationsServer.start(
            settings.operations(), meters, connection, settings.topicCatalogue());
    try {
      RoleGroup roles =
          RoleGroup.start(
              wanted,
              new RoleContext(
                  settings,
                  httpPort,
                  dataDir,
                  connection,
                  settings.topicCatalogue(),
                  plugins,
                  meters));
      operations.watch(roles, plugins);
      return new RemotePipeline(roles, plugins, operations);
    } catch (RuntimeException e) {
      EmbeddedServers.closeAfter(e, operations);
      throw e;
    }
  }

  /** Where HTTP requests are answered; empty without {@link Role#INGEST}. */
  public Optional<URI> httpAddress() {
    return roles.httpAddress();
  }

  /** Why a role stopped by itself, if one did. */
  public Optional<Throwable> failure() {
    return roles.failure();
  }

  /** Drains and stops the roles, then unloads the plugins. */
  @Override
  public void close() {
    try (operations;
        plugins) {
      roles.close();
    }
  }
}
