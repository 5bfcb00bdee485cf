package io.millrace.embedded.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {

  private static final String TOPIC = "kept";
  private static final int NEARLY_MAX_BYTES = 10 * 1024 * 1024 - 1_024;

  @TempDir private Path folder;

  @Test
  void shouldKeepRecordsWhenRestartedOnAnotherPort() throws Exception {
    byte[] large = new byte[NEARLY_MAX_BYTES];
    int firstPort;
    try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerConfig.in(folder))) {
      firstPort = broker.port();
      create(broker);
      send(broker, "first".getBytes(StandardCharsets.UTF_8));
      send(broker, large);
    }
    try (ServerSocket taken = new ServerSocket(firstPort, 1, InetAddress.getByName("127.0.0.1"));
        EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerConfig.in(folder))) {
      assertThat(broker.port()).isNotEqualTo(taken.getLocalPort());
      List<byte[]> values = readTwo(broker);
      assertThat(values.get(0)).asString(StandardCharsets.UTF_8).isEqualTo("first");
      assertThat(values.get(1)).hasSize(NEARLY_MAX_BYTES);
      assertThat(broker.failure()).isEmpty();
    }
  }

  @Test
  void shouldRefuseASecondBrokerWhenTheFolderIsHeld() {
    try (EmbeddedBroker broker = EmbeddedBroker.start(EmbeddedBrokerConfig.in(folder))) {
      assertThatThrownBy(() -> EmbeddedBroker.start(EmbeddedBrokerConfig.in(folder)).close())
          .isInstanceOf(EmbeddedBrokerException.class)
          .hasMessageContainingAll(
              "in use by another broker",
              "process " + ProcessHandle.current().pid(),
              broker.bootstrapServers(),
              "choose another folder");
    }
  }

  @Test
  void shouldSayWhichPortWhenItIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      EmbeddedBrokerConfig config = EmbeddedBrokerConfig.in(folder).withPort(taken.getLocalPort());
      assertThatThrownBy(() -> EmbeddedBroker.start(config).close())
          .isInstanceOf(EmbeddedBrokerException.class)
          .hasMessageContainingAll("127.0.0.1:" + taken.getLocalPort(), "choose another port");
    }
    EmbeddedBroker.start(EmbeddedBrokerConfig.in(folder)).close();
  }

  @Test
  void shouldSayWhichFolderWhenItCannotBeMade() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    assertThatThrownBy(
            () -> EmbeddedBroker.start(EmbeddedBrokerConfig.in(file.resolve("data"))).close())
        .isInstanceOf(EmbeddedBrokerException.class)
        .hasMessageContainingAll(file.toString(), "choose another folder");
  }

  @Test
  void shouldReleaseEverythingWhenClosedTwice() {
    EmbeddedBrokerConfig config = EmbeddedBrokerConfig.in(folder).withPort(FreePorts.next());
    EmbeddedBroker broker = EmbeddedBroker.start(config);
    broker.close();
    broker.close();
    try (EmbeddedBroker again = EmbeddedBroker.start(config)) {
      assertThat(again.port()).isEqualTo(broker.port());
    }
  }

  private static void create(EmbeddedBroker broker) throws Exception {
    try (Admin admin = Admin.create(client(broker))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(TOPIC, 1, (short) 1)
                      .configs(Map.of("max.message.bytes", "10485760"))))
          .all()
          .get();
    }
  }

  private static void send(EmbeddedBroker broker, byte[] value) throws Exception {
    Map<String, Object> properties = client(broker);
    properties.put("max.request.size", NEARLY_MAX_BYTES + 1_024);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, value)).get();
    }
  }

  private static List<byte[]> readTwo(EmbeddedBroker broker) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            client(broker), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(TOPIC, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      List<byte[]> values = new java.util.ArrayList<>();
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (values.size() < 2 && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
      }
      return values;
    }
  }

  private static Map<String, Object> client(EmbeddedBroker broker) {
    return new java.util.HashMap<>(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }
}
