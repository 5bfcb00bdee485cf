package io.millrace.launcher.pipeline;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.schemas.access.AuthSecret;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.topic.TopicCatalogue;
import java.net.URI;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A whole pipeline in this process: embedded broker, embedded schema registry and roles, on the
 * loopback interface, with everything durable in one folder. What was in flight when it stopped, or
 * was killed, goes on when it is started on the same folder again.
 *
 * <pre>{@code
 * try (LocalPipeline pipeline =
 *     LocalPipeline.start(LocalPipelineConfig.onFreePorts(settings, folder), System.err::println)) {
 *   KafkaConnection connection = pipeline.connection();
 *   TopicCatalogue topics = pipeline.topics();
 *   // produce to topics.requests(), consume from topics.completions()
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class LocalPipeline implements AutoCloseable {

  private final EmbeddedServers servers;
  private final Plugins plugins;
  private final OperationsServer operations;
  private final RoleGroup roles;
  private final TopicCatalogue topics;

  private LocalPipeline(
      EmbeddedServers servers,
      Plugins plugins,
      OperationsServer operations,
      RoleGroup roles,
      TopicCatalogue topics) {
    this.servers = servers;
    this.plugins = plugins;
    this.operations = operations;
    this.roles = roles;
    this.topics = topics;
  }

  /**
   * Starts everything and returns when requests are answered.
   *
   * @param config what to start, and where
   * @param progress told in a few words what is being done, from the calling thread
   * @throws io.millrace.embedded.broker.EmbeddedBrokerException when the folder is in use or not
   *     writable, or a port is taken; nothing stays open then
   * @throws io.millrace.launcher.config.ConfigException when a plugin cannot be loaded, or its
   *     configuration is wrong; nothing was started then
   * @throws PipelineException when a part does not come up; nothing stays open then
   */
  public static LocalPipeline start(LocalPipelineConfig config, Consumer<String> progress) {
    return start(config, EnumSet.allOf(Role.class), progress);
  }

  /** The same with some of the roles only; without {@link Role#INGEST} there is no HTTP. */
  public static LocalPipeline start(
      LocalPipelineConfig config, Set<Role> wanted, Consumer<String> progress) {
    Plugins plugins = Plugins.load(config.settings(), config.dataDir());
    try {
      return start(config, wanted, plugins, progress);
    } catch (RuntimeException e) {
      EmbeddedServers.closeAfter(e, plugins);
      throw e;
    }
  }

  private static LocalPipeline start(
      LocalPipelineConfig config, Set<Role> wanted, Plugins plugins, Consumer<String> progress) {
    MillraceConfig settings = config.settings();
    TopicCatalogue topics = settings.topicCatalogue();
    EmbeddedServers servers = EmbeddedServers.start(config, progress);
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try {
      progress.accept("creating topics");
      PipelineTopics.createMissing(
          PipelineTopics.of(settings, config.dataDir(), plugins), servers.connection(), (short) 1);
      AuthSecret secret = AuthSecrets.ofEmbedded(settings, config.dataDir());
      progress.accept(
          "starting " + String.join(", ", wanted.stream().map(Role::toString).toList()));
      RoleGroup roles =
          RoleGroup.start(
              wanted,
              new RoleContext(
                  settings,
                  config.httpPort(),
                  config.dataDir(),
                  servers.connection(),
                  topics,
                  plugins,
                  secret,
                  meters));
      AdminEndpoints admin = new AdminEndpoints(settings, servers.connection(), secret);
      return new LocalPipeline(
          servers, plugins, operations(settings, meters, plugins, roles, admin), roles, topics);
    } catch (RuntimeException e) {
      EmbeddedServers.closeAfter(e, servers);
      throw e;
    }
  }

  private static OperationsServer operations(
      MillraceConfig settings,
      PrometheusMeterRegistry meters,
      Plugins plugins,
      RoleGroup roles,
      AdminEndpoints admin) {
    try {
      OperationsServer operations = OperationsServer.start(settings.operations(), meters, admin);
      operations.watch(roles, plugins);
      return operations;
    } catch (RuntimeException e) {
      EmbeddedServers.closeAfter(e, roles);
      throw e;
    }
  }

  /** How to reach the embedded broker and registry. */
  public KafkaConnection connection() {
    return servers.connection();
  }

  /** The topics of this pipeline; all exist. */
  public TopicCatalogue topics() {
    return topics;
  }

  /** Where HTTP requests are answered; empty without {@link Role#INGEST}. */
  public Optional<URI> httpAddress() {
    return roles.httpAddress();
  }

  /** Why a part stopped by itself, if one did; the pipeline is of no use then. */
  public Optional<Throwable> failure() {
    return servers.failure().or(roles::failure);
  }

  /** Drains the roles, unloads the plugins, then stops registry and broker. Idempotent. */
  @Override
  public void close() {
    try (servers;
        plugins;
        operations) {
      roles.close();
    }
  }
}
