package io.millrace.embedded.broker;

import io.millrace.schemas.topic.Topic;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The settings of a single broker that is its own controller. */
final class BrokerSettings {

  static final int NODE_ID = 1;
  static final String CLIENT_LISTENER = "PLAINTEXT";
  static final String CONTROLLER_LISTENER = "CONTROLLER";

  private static final String MAX_BYTES = Integer.toString(Topic.MAX_RECORD_BYTES);

  private BrokerSettings() {}

  static Map<String, String> of(
      Path logFolder, int port, int controllerPort, Map<String, String> further) {
    Map<String, String> settings = new HashMap<>();
    settings.putAll(identity(logFolder, port, controllerPort));
    settings.putAll(INTERNAL_TOPICS);
    settings.putAll(MEMBERSHIP);
    settings.putAll(SIZES);
    settings.putAll(further);
    return settings;
  }

  private static Map<String, String> identity(Path logFolder, int port, int controllerPort) {
    String clients = CLIENT_LISTENER + "://" + EmbeddedBroker.HOST + ":" + port;
    String controller = EmbeddedBroker.HOST + ":" + controllerPort;
    return Map.of(
        "process.roles",
        "broker,controller",
        "node.id",
        Integer.toString(NODE_ID),
        "listeners",
        clients + "," + CONTROLLER_LISTENER + "://" + controller,
        "advertised.listeners",
        clients,
        "controller.listener.names",
        CONTROLLER_LISTENER,
        "controller.quorum.voters",
        NODE_ID + "@" + controller,
        "listener.security.protocol.map",
        CLIENT_LISTENER + ":PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT",
        "log.dirs",
        logFolder.toString(),
        "auto.create.topics.enable",
        "false");
  }

  /** One replica and few partitions: there is one broker, and each partition costs files. */
  private static final Map<String, String> INTERNAL_TOPICS =
      Map.of(
          "default.replication.factor", "1",
          "min.insync.replicas", "1",
          "offsets.topic.replication.factor", "1",
          "offsets.topic.num.partitions", "4",
          "transaction.state.log.replication.factor", "1",
          "transaction.state.log.min.isr", "1",
          "transaction.state.log.num.partitions", "4",
          "share.coordinator.state.topic.replication.factor", "1",
          "share.coordinator.state.topic.min.isr", "1",
          "share.coordinator.state.topic.num.partitions", "1");

  /**
   * A member that was killed is noticed, and its open transaction ended, within seconds. The broker
   * itself lives and dies with its controller: a missed heartbeat means a slow process.
   */
  private static final Map<String, String> MEMBERSHIP =
      Map.of(
          "broker.session.timeout.ms", "300000",
          "group.initial.rebalance.delay.ms", "0",
          "group.min.session.timeout.ms", "1000",
          "group.consumer.min.session.timeout.ms", "1000",
          "group.consumer.session.timeout.ms", "6000",
          "group.consumer.min.heartbeat.interval.ms", "200",
          "group.consumer.heartbeat.interval.ms", "1000",
          "transaction.max.timeout.ms", "900000",
          // The first record after a commit waits this long when the commit is not yet all written
          // (20 ms by default), and the home stage commits ten times a second.
          "add.partitions.to.txn.retry.backoff.ms", "2",
          "transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");

  private static final Map<String, String> SIZES =
      Map.of(
          "message.max.bytes", MAX_BYTES,
          "replica.fetch.max.bytes", MAX_BYTES,
          "replica.fetch.response.max.bytes", MAX_BYTES,
          "num.network.threads", "2",
          "num.io.threads", "4",
          "background.threads", "2",
          // 2 MiB index a segment of 1 GiB at the default interval; 10 MiB would be mapped for
          // each.
          "log.index.size.max.bytes", "2097152",
          // Taken from the heap at start; 128 MiB by default.
          "log.cleaner.dedupe.buffer.size", "16777216");
}
