package io.millrace.embedded.broker;

import io.millrace.schemas.topic.TopicCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/**
 * The broker that tests run on: the embedded one, or Kafka in a container where the system property
 * {@value #CHOICE_PROPERTY} is {@code containers}. One for all test classes of a JVM; take it as a
 * parameter with {@link BrokerExtension}.
 */
public final class TestBroker implements AutoCloseable {

  /** Which broker: {@code embedded} (the default) or {@code containers}. */
  public static final String CHOICE_PROPERTY = "millrace.test.broker";

  private static final String IMAGE = "apache/kafka:4.3.1";
  private static final AtomicInteger prefixes = new AtomicInteger();

  private final String bootstrapServers;
  private final AutoCloseable server;

  private TestBroker(String bootstrapServers, AutoCloseable server) {
    this.bootstrapServers = bootstrapServers;
    this.server = server;
  }

  /** Starts the chosen broker; aborts the test, with the reason, where it needs Docker. */
  static TestBroker start() throws IOException {
    String choice = System.getProperty(CHOICE_PROPERTY, "embedded");
    return switch (choice) {
      case "embedded" -> startEmbedded();
      case "containers" -> startContainer();
      default ->
          throw new IllegalArgumentException(
              CHOICE_PROPERTY + " is '" + choice + "', not 'embedded' or 'containers'");
    };
  }

  private static TestBroker startEmbedded() throws IOException {
    Path folder = Files.createTempDirectory("millrace-test-broker");
    EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerConfig.in(folder));
    return new TestBroker(
        broker.bootstrapServers(),
        () -> {
          broker.close();
          delete(folder);
        });
  }

  private static TestBroker startContainer() {
    Assumptions.assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "skipped: " + CHOICE_PROPERTY + "=containers needs Docker, and there is none here");
    KafkaContainer container = new KafkaContainer(IMAGE);
    containerSettings().forEach(container::withEnv);
    container.start();
    return new TestBroker(container.getBootstrapServers(), container);
  }

  /** The settings of the embedded broker that tests rely on, as the image wants them. */
  private static Map<String, String> containerSettings() {
    return Map.of(
        "KAFKA_MESSAGE_MAX_BYTES", "10485760",
        "KAFKA_REPLICA_FETCH_MAX_BYTES", "10485760",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0",
        "KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "1000",
        "KAFKA_GROUP_CONSUMER_MIN_SESSION_TIMEOUT_MS", "1000",
        "KAFKA_GROUP_CONSUMER_SESSION_TIMEOUT_MS", "6000",
        "KAFKA_GROUP_CONSUMER_MIN_HEARTBEAT_INTERVAL_MS", "200",
        "KAFKA_GROUP_CONSUMER_HEARTBEAT_INTERVAL_MS", "1000",
        "KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS", "1000");
  }

  /** What to give to clients. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** An admin client; the caller closes it. */
  public Admin openAdmin() {
    return Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
  }

  /** A catalogue whose prefix nobody else uses; its topics do not exist yet. */
  public TopicCatalogue freshTopics(int partitions) {
    return new TopicCatalogue("test" + prefixes.incrementAndGet() + ".", partitions);
  }

  @Override
  public void close() throws Exception {
    server.close();
  }

  private static void delete(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (var files = Files.walk(folder)) {
      deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      Files.deleteIfExists(file);
    }
  }
}
