package io.millrace.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.analytics.AnalyticsConfig.ErrorRateSettings;
import io.millrace.analytics.AnalyticsConfig.WindowSettings;
import io.millrace.analytics.health.HealthSettings;
import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.avro.AlertLevel;
import io.millrace.schemas.avro.HealthState;
import io.millrace.schemas.avro.MetricWindow;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.health.ProviderHealthTable;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.schemas.topic.TopicCreator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(BrokerExtension.class)
class AnalyticsStreamIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A whole minute in the past. */
  private static final long START = 1_700_000_040_000L;

  private final AvroSerdes serdes;
  private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
  private final TopicCatalogue topics;
  private final TestBroker broker;
  @TempDir private Path state;

  AnalyticsStreamIT(TestBroker broker) {
    this.broker = broker;
    this.topics = broker.freshTopics(2);
    this.serdes = new AvroSerdes(registry);
  }

  @BeforeEach
  void createTopics() throws InterruptedException {
    try (Admin admin = broker.openAdmin()) {
      TopicCreator.createMissing(
          admin,
          List.of(
              topics.attempts(),
              topics.events(),
              topics.analyticsRealtime(),
              topics.alerts(),
              topics.providerHealth(),
              topics.deadLetters()),
          (short) 1);
    }
  }

  @Test
  void shouldKeepWindowsAndAlertsWholeOverARestartWithoutItsFolder(@TempDir Path otherState)
      throws Exception {
    try (AnalyticsStream first = start(state)) {
      await().atMost(PATIENCE).until(first::ready);
      send(failures(0, 30));
      List<Alert> opened = readUntil(topics.alerts(), Alert.class, 1);
      assertThat(opened).extracting(Alert::getLevel).containsExactly(AlertLevel.CRITICAL);
      await().atMost(PATIENCE).until(() -> latestUpdate().getRequests() == 30);
      assertThat(latestUpdate().getClosed()).isFalse();
    }
    try (AnalyticsStream second = start(otherState)) {
      await().atMost(PATIENCE).until(second::ready);
      send(failures(1_000, 12));
      send(List.of(Calls.ok("openai", "acme", START + 75_000, 1_000)));
      send(List.of(Calls.ok("openai", "acme", START + 140_000, 1_000)));

      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(closedWindows()).anySatisfy(this::isTheWholeFirstWindow));
      assertThat(closedWindows())
          .as("closed once each")
          .extracting(MetricWindow::getWindowStartMillis)
          .doesNotHaveDuplicates();
      assertThat(second.failure()).isEmpty();
    }
    assertThat(read(topics.alerts(), Alert.class))
        .as("one alert, never told twice")
        .extracting(Alert::getLevel)
        .containsExactly(AlertLevel.CRITICAL);
  }

  @Test
  void shouldBuryGarbageOnceAndCountTheRest() throws Exception {
    try (AnalyticsStream analytics = start(state)) {
      await().atMost(PATIENCE).until(analytics::ready);
      sendBytes(List.of(new byte[] {1, 2, 3}, new byte[] {0, 0, 0, 77, 1, 1}));
      send(List.of(Calls.ok("openai", "acme", START, 1_000)));

      List<MetricWindow> windows = readUntil(topics.analyticsRealtime(), MetricWindow.class, 1);
      assertThat(windows).extracting(MetricWindow::getRequests).containsExactly(1L);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(read(topics.deadLetters(), bytes())).hasSize(2));
      assertThat(analytics.failure()).isEmpty();
    }
    assertThat(read(topics.deadLetters(), bytes())).hasSize(2);
  }

  /** The promised bound is 3 s; the time it took is printed. */
  @Test
  void shouldTellReadersOfCommittedRecordsThatAProviderIsDown() throws Exception {
    KafkaConnection connection =
        KafkaConnection.of(broker.bootstrapServers(), "http://unused.invalid");
    try (AnalyticsStream stream = start(state);
        ProviderHealthTable health =
            ProviderHealthTable.start(topics, connection, serdes, "test")) {
      await().atMost(PATIENCE).until(() -> stream.ready() && health.caughtUp());
      List<ProviderCall> calls = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        calls.add(
            Calls.failed("openai", "acme", System.currentTimeMillis(), "upstream_unreachable"));
      }
      send(calls);
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(
              () ->
                  health
                      .of("openai", "m1")
                      .filter(known -> known.getState() == HealthState.DOWN)
                      .isPresent());
      assertThat(health.of("openai")).hasSize(1);
    }
  }

  private void isTheWholeFirstWindow(MetricWindow window) {
    assertThat(window.getWindowStartMillis()).isEqualTo(START);
    assertThat(window.getRequests()).isEqualTo(42);
    assertThat(window.getErrors()).isEqualTo(42);
  }

  private AnalyticsStream start(Path folder) {
    AnalyticsConfig config =
        new AnalyticsConfig(
            folder,
            1,
            Duration.ofMillis(100),
            new WindowSettings(
                Duration.ofSeconds(10), Duration.ofMinutes(10), Duration.ofMillis(200), 1_000, 20),
            new ErrorRateSettings(
                0.05,
                0.1,
                0.8,
                20,
                Duration.ofMinutes(1),
                Duration.ofMinutes(10),
                Duration.ofMillis(100)),
            HealthSettings.defaults());
    return AnalyticsStream.start(
        config,
        KafkaConnection.of(broker.bootstrapServers(), "http://unused.invalid"),
        topics,
        new SimpleMeterRegistry(),
        registry);
  }

  private static List<ProviderCall> failures(long offsetMillis, int count) {
    List<ProviderCall> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(Calls.failed("openai", "acme", START + offsetMillis, "upstream_error"));
    }
    return calls;
  }

  private void send(List<ProviderCall> calls) throws Exception {
    var serializer = serdes.forType(ProviderCall.class).serializer();
    sendBytes(
        calls.stream().map(call -> serializer.serialize(topics.attempts().name(), call)).toList());
  }

  private void sendBytes(List<byte[]> values) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      for (byte[] value : values) {
        producer
            .send(new ProducerRecord<>(topics.attempts().name(), "openai", value))
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    }
  }

  private List<MetricWindow> closedWindows() {
    return read(topics.analyticsRealtime(), MetricWindow.class).stream()
        .filter(MetricWindow::getClosed)
        .toList();
  }

  private MetricWindow latestUpdate() {
    return readUntil(topics.analyticsRealtime(), MetricWindow.class, 1).getLast();
  }

  private <V extends SpecificRecord> List<V> readUntil(Topic topic, Class<V> type, int count) {
    return await()
        .atMost(PATIENCE)
        .until(() -> read(topic, type), values -> values.size() >= count);
  }

  private <V extends SpecificRecord> List<V> read(Topic topic, Class<V> type) {
    return read(topic, serdes.forType(type).deserializer());
  }

  /** Everything committed on a topic, from its beginning to its present end. */
  private <V> List<V> read(Topic topic, Deserializer<V> values) {
    try (var consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG,
                UUID.randomUUID().toString(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"),
            new StringDeserializer(),
            values)) {
      var partitions =
          consumer.partitionsFor(topic.name()).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<V> read = new ArrayList<>();
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> read.add(record.value()));
      }
      return read;
    }
  }

  private static Deserializer<byte[]> bytes() {
    return new ByteArrayDeserializer();
  }
}
