package io.millrace.embedded.registry;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/**
 * A schema registry inside this process that speaks Confluent's REST interface (Avro only) and
 * keeps its schemas in the compacted topic {@code _schemas}, so that ids survive restarts. For one
 * machine and nothing more: one writer, no authentication. Thread-safe.
 */
public final class EmbeddedRegistry implements AutoCloseable {

  /** A little less than a producer sends at once. */
  private static final long MAX_REQUEST_BYTES = 1_000_000;

  private final SchemaLog log;
  private final Javalin server;
  private final String host;

  private EmbeddedRegistry(SchemaLog log, Javalin server, String host) {
    this.log = log;
    this.server = server;
    this.host = host;
  }

  /**
   * Starts a registry and returns when it has read all its schemas and takes requests.
   *
   * @param bootstrapServers the broker that keeps the schemas
   * @param host the interface to listen on; 127.0.0.1 unless others on the network shall write
   *     schemas too
   * @param port 0 for a free one
   * @throws EmbeddedRegistryException when the broker does not answer or the port is taken; nothing
   *     stays open then
   */
  public static EmbeddedRegistry start(String bootstrapServers, String host, int port) {
    SchemaLog log = connect(bootstrapServers);
    try {
      return over(log, host, port);
    } catch (RegistryFault | KafkaException e) {
      log.close();
      throw unusable(bootstrapServers, e);
    } catch (EmbeddedRegistryException e) {
      log.close();
      throw e;
    }
  }

  /** A registry that keeps its schemas in a log, which it closes when it is closed. */
  static EmbeddedRegistry over(SchemaLog log, String host, int port) {
    RegistryState state = new RegistryState();
    log.replay(state::apply);
    Javalin server = Javalin.create(config -> configure(config, new SchemaCatalogue(log, state)));
    return new EmbeddedRegistry(log, listening(server, host, port), host);
  }

  private static SchemaLog connect(String bootstrapServers) {
    try {
      return new KafkaSchemaLog(bootstrapServers);
    } catch (KafkaException e) {
      throw unusable(bootstrapServers, e.getCause() == null ? e : e.getCause());
    }
  }

  private static EmbeddedRegistryException unusable(String bootstrapServers, Throwable cause) {
    return new EmbeddedRegistryException(
        "the schema registry cannot use the broker at %s: %s"
            .formatted(bootstrapServers, cause.getMessage()),
        cause);
  }

  private static Javalin listening(Javalin server, String host, int port) {
    try {
      return server.start(host, port);
    } catch (RuntimeException e) {
      server.stop();
      throw new EmbeddedRegistryException(
          ("the schema registry cannot listen on %s:%d: stop what listens there, or choose another"
                  + " port (--registry-port, embedded.registry_port)")
              .formatted(host, port),
          e);
    }
  }

  private static void configure(JavalinConfig config, SchemaCatalogue catalogue) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.concurrency.useVirtualThreads = true;
    config.http.maxRequestSize = MAX_REQUEST_BYTES;
    new RegistryRoutes(catalogue).addTo(config.routes);
  }

  /** The port it listens on. */
  public int port() {
    return server.port();
  }

  /** What to give to clients as {@code schema.registry.url}. */
  public String url() {
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
  }

  /** Why schemas can be neither read nor written any more, if that is so. */
  public Optional<Throwable> failure() {
    return log.failure();
  }

  /** Stops taking requests and releases the topic. Idempotent. */
  @Override
  public void close() {
    server.stop();
    log.close();
  }
}
