package io.millrace.analytics.monitors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.plugin.monitor.Monitor;
import io.millrace.plugin.monitor.MonitorContext;
import io.millrace.plugin.monitor.Threshold;
import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.avro.AlertLevel;
import io.millrace.schemas.avro.MetricWindow;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import io.millrace.schemas.topic.TopicCreator;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(BrokerExtension.class)
class MonitorServiceIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final InMemorySchemaRegistry registry = new InMemorySchemaRegistry();
  private final AvroSerdes serdes = new AvroSerdes(registry);
  private final AtomicInteger samples = new AtomicInteger();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final TestBroker broker;
  private final TopicCatalogue topics;
  private final KafkaConnection connection;

  MonitorServiceIT(TestBroker broker) {
    this.broker = broker;
    this.topics = broker.freshTopics(2);
    this.connection = KafkaConnection.of(broker.bootstrapServers(), "http://127.0.0.1:1");
  }

  @Test
  void shouldShowClosedWindowsToMonitorsAndWriteTheirAlerts() throws Exception {
    try (Admin admin = broker.openAdmin()) {
      TopicCreator.createMissing(
          admin, List.of(topics.analyticsRealtime(), topics.alerts()), (short) 1);
    }
    Monitor broken =
        new Monitor() {
          @Override
          public void onWindow(
              io.millrace.plugin.monitor.MetricWindow window, MonitorContext context) {
            throw new IllegalStateException("as expected by the test");
          }
        };
    try (MonitorService service =
        MonitorService.start(
            Map.of("broken", broken, "ratio", new Ratio()), connection, registry, topics, meters)) {
      send(window("open", 100, false));
      send(window("bad", 60, true));
      send(window("good", 1, true));
      List<Alert> alerts = alerts(1);
      assertThat(alerts).hasSize(1);
      assertThat(alerts.getFirst().getSubject()).isEqualTo("provider=bad");
      assertThat(alerts.getFirst().getLevel()).isEqualTo(AlertLevel.CRITICAL);
      assertThat(alerts.getFirst().getRule()).isEqualTo("ratio");
      send(window("bad", 0, true));
      assertThat(alerts(2).getLast().getLevel()).isEqualTo(AlertLevel.RESOLVED);
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  meters.get(MonitorService.FAULTS).tag("monitor", "broken").counter().count()
                      == 3);
      await().atMost(PATIENCE).until(() -> samples.get() >= 2);
      assertThat(service).isNotNull();
    }
    assertThat(closed).isTrue();
  }

  @Test
  void shouldGoOnWithAlertsThatWereOpenWhenItWasStopped() throws Exception {
    try (Admin admin = broker.openAdmin()) {
      TopicCreator.createMissing(
          admin, List.of(topics.analyticsRealtime(), topics.alerts()), (short) 1);
    }
    try (MonitorService service = start()) {
      send(window("bad", 60, true));
      assertThat(alerts(1)).hasSize(1);
      assertThat(service).isNotNull();
    }
    try (MonitorService service = start()) {
      send(window("bad", 70, true));
      send(window("other", 20, true));
      send(window("bad", 0, true));
      List<Alert> alerts = alerts(3);
      assertThat(alerts)
          .extracting(alert -> alert.getSubject() + " " + alert.getLevel())
          .containsExactlyInAnyOrder(
              "provider=bad CRITICAL", "provider=other WARNING", "provider=bad RESOLVED");
      assertThat(alerts)
          .filteredOn(alert -> alert.getSubject().equals("provider=bad"))
          .extracting(Alert::getAlertId)
          .containsOnly(alerts.getFirst().getAlertId());
      assertThat(service).isNotNull();
    }
  }

  private MonitorService start() {
    return MonitorService.start(Map.of("ratio", new Ratio()), connection, registry, topics, meters);
  }

  private List<Alert> alerts(int count) {
    try (KafkaConsumer<String, Alert> consumer =
        new KafkaConsumer<>(
            connection.clientProperties(),
            new StringDeserializer(),
            serdes.forType(Alert.class).deserializer())) {
      List<TopicPartition> partitions = List.of(new TopicPartition(topics.alerts().name(), 0));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      List<Alert> found = new java.util.ArrayList<>();
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> found.add(record.value()));
                return found.size() >= count;
              });
      return found;
    }
  }

  private void send(MetricWindow window) throws Exception {
    try (KafkaProducer<String, MetricWindow> producer =
        new KafkaProducer<>(
            connection.clientProperties(),
            new StringSerializer(),
            serdes.forType(MetricWindow.class).serializer())) {
      producer
          .send(
              new ProducerRecord<>(topics.analyticsRealtime().name(), window.getProvider(), window))
          .get();
    }
  }

  private static MetricWindow window(String provider, long errors, boolean closed) {
    return MetricWindow.newBuilder()
        .setWindowStartMillis(0)
        .setWindowEndMillis(60_000)
        .setProvider(provider)
        .setModel("m")
        .setTenant("t")
        .setRequests(100)
        .setErrors(errors)
        .setLatencyP50Micros(1)
        .setLatencyP95Micros(2)
        .setLatencyP99Micros(3)
        .setLatencySketch(ByteBuffer.allocate(0))
        .setPromptTokens(1)
        .setCompletionTokens(1)
        .setCostNanos(1)
        .setClosed(closed)
        .build();
  }

  private final class Ratio implements Monitor {
    @Override
    public void onWindow(io.millrace.plugin.monitor.MetricWindow window, MonitorContext context) {
      context.report(
          "failed_ratio",
          "provider=" + window.provider(),
          window.errorRate(),
          new Threshold(0.1, 0.5));
    }

    @Override
    public Duration sampleInterval() {
      return Duration.ofSeconds(1);
    }

    @Override
    public void sample(MonitorContext context) {
      samples.incrementAndGet();
    }

    @Override
    public void close() {
      closed.set(true);
    }
  }
}
