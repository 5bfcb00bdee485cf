package io.millrace.embedded.broker;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * A Kafka broker inside this process: one node that is broker and controller, on the loopback
 * interface. Its data survives restarts; its ports may change between them. For one machine and
 * nothing more: one replica of everything.
 *
 * <p>Put together from the same parts as Kafka's own server, but with sockets that are bound before
 * (no race for free ports) and with faults that are reported rather than ending the process.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedBroker implements AutoCloseable {

  /** The only interface it listens on. */
  public static final String HOST = "127.0.0.1";

  private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);

  private final BrokerFaults faults = new BrokerFaults();

  /** What to close, the newest first. */
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private final int port;

  private EmbeddedBroker(EmbeddedBrokerConfig config) {
    try {
      DataFolder folder = opening(DataFolder.take(config.dataFolder()));
      ListenSockets sockets = opening(ListenSockets.bind(config.port()));
      this.port = sockets.port();
      folder.nameHolder(bootstrapServers());
      LastWords.prepare(config.dataFolder());
      startServers(folder, sockets, config.properties());
    } catch (EmbeddedBrokerException e) {
      closeAfter(e);
      throw e;
    } catch (RuntimeException e) {
      closeAfter(e);
      throw new EmbeddedBrokerException(
          "cannot start the broker in %s (%s): see the log, or try an empty data folder"
              .formatted(config.dataFolder().toAbsolutePath(), e.getMessage()),
          e);
    }
  }

  /**
   * Starts a broker and returns when it takes requests.
   *
   * @throws EmbeddedBrokerException when the folder is held by another broker or not writable, the
   *     port is taken, or the broker does not come up; nothing stays open then
   */
  public static EmbeddedBroker start(EmbeddedBrokerConfig config) {
    return new EmbeddedBroker(config);
  }

  /** The port clients connect to. */
  public int port() {
    return port;
  }

  /** What to give to clients as {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return HOST + ":" + port;
  }

  /** A fault after which the broker cannot be relied on, if there was one. */
  public Optional<Throwable> failure() {
    return faults.firstFatal();
  }

  /** Stops the broker in good order and releases its folder. Idempotent. */
  @Override
  public synchronized void close() {
    EmbeddedBrokerException failure =
        new EmbeddedBrokerException("the broker did not stop in good order", null);
    closeAfter(failure);
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }

  private void startServers(
      DataFolder folder, ListenSockets sockets, Map<String, String> properties) {
    KafkaConfig settings =
        new KafkaConfig(
            BrokerSettings.of(
                folder.formatted(), sockets.port(), sockets.controllerPort(), properties),
            false);
    Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> stored =
        KafkaRaftServer.initializeLogDirs(settings, log, "");
    SharedServer shared =
        new SharedServer(
            settings,
            stored._1(),
            Time.SYSTEM,
            new Metrics(),
            CompletableFuture.completedFuture(
                Map.of(BrokerSettings.NODE_ID, sockets.controllerAddress())),
            List.of(),
            faults,
            sockets);
    ControllerServer controller =
        new ControllerServer(shared, KafkaRaftServer.configSchema(), stored._2());
    opened.push(controller::shutdown);
    controller.startup();
    new FormerBroker(controller.controller()).unregister();
    BrokerServer broker = new BrokerServer(shared);
    opened.push(broker::shutdown);
    broker.startup();
  }

  private <T extends AutoCloseable> T opening(T resource) {
    opened.push(resource);
    return resource;
  }

  private void closeAfter(Exception reason) {
    while (!opened.isEmpty()) {
      AutoCloseable next = opened.pop();
      try {
        next.close();
      } catch (Exception e) {
        reason.addSuppressed(e);
      }
    }
  }
}
