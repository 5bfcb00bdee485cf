package io.millrace.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.analytics.AnalyticsConfig.WindowSettings;
import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.avro.AlertLevel;
import io.millrace.schemas.avro.MetricWindow;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.streams.StreamsDefaults;
import io.millrace.schemas.topic.HeaderNames;
import io.millrace.schemas.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnalyticsTopologyTest {

  /** A whole minute, so that windows start here. */
  private static final long START = 1_800_000_000_000L;

  private static final AnalyticsConfig CONFIG =
      AnalyticsConfig.defaults()
          .withWindows(
              new WindowSettings(
                  Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(5), 3, 20));

  private final TopicCatalogue topics = new TopicCatalogue("millrace.", 2);
  private final AvroSerdes serdes = new AvroSerdes(new InMemorySchemaRegistry());
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private TopologyTestDriver driver;
  private TestInputTopic<String, byte[]> attempts;
  private TestOutputTopic<String, MetricWindow> realtime;
  private TestOutputTopic<String, Alert> alerts;
  private TestOutputTopic<byte[], byte[]> deadLetters;

  @BeforeEach
  void open(@TempDir Path state) {
    var topology =
        new AnalyticsTopology(CONFIG, topics, serdes, new AnalyticsMeters(meters)).build();
    var properties =
        StreamsDefaults.exactlyOnce(
            KafkaConnection.of("nowhere:1", "http://nowhere:1"), "test", state, 1);
    driver = new TopologyTestDriver(topology, properties, Instant.ofEpochMilli(START));
    attempts =
        driver.createInputTopic(
            topics.attempts().name(), new StringSerializer(), new ByteArraySerializer());
    realtime = output(topics.analyticsRealtime().name(), MetricWindow.class);
    alerts = output(topics.alerts().name(), Alert.class);
    deadLetters =
        driver.createOutputTopic(
            topics.deadLetters().name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @AfterEach
  void close() {
    driver.close();
  }

  private <V extends SpecificRecord> TestOutputTopic<String, V> output(
      String topic, Class<V> type) {
    return driver.createOutputTopic(
        topic, new StringDeserializer(), serdes.forType(type).deserializer());
  }

  private void send(ProviderCall call) {
    attempts.pipeInput(
        call.getProvider(),
        serdes.forType(ProviderCall.class).serializer().serialize("attempts", call));
  }

  private void passSeconds(long seconds) {
    driver.advanceWallClockTime(Duration.ofSeconds(seconds));
  }

  private double count(String meter) {
    return Objects.requireNonNull(meters.find(meter).counter()).count();
  }

  @Test
  void shouldBeThisTopology() {
    var topology =
        new AnalyticsTopology(CONFIG, topics, serdes, new AnalyticsMeters(meters)).build();

    assertThat(topology.describe().toString())
        .isEqualTo(
            """
            Topologies:
               Sub-topology: 0
                Source: attempts (topics: [millrace.attempts])
                  --> decode
                Processor: decode (stores: [])
                  --> error-rate, windows, dead-letters, health
                  <-- attempts
                Processor: error-rate (stores: [error-rates, event-clock])
                  --> alerts
                  <-- decode
                Processor: health (stores: [model-health])
                  --> provider-health
                  <-- decode
                Processor: windows (stores: [event-clock, open-windows])
                  --> analytics-realtime
                  <-- decode
                Sink: alerts (topic: millrace.alerts)
                  <-- error-rate
                Sink: analytics-realtime (topic: millrace.analytics.realtime)
                  <-- windows
                Sink: dead-letters (topic: millrace.dead-letters)
                  <-- decode
                Sink: provider-health (topic: millrace.provider-health)
                  <-- health

              Sub-topology: 1
                Source: events (topics: [millrace.events])
                  --> event-alerts
                Processor: event-alerts (stores: [])
                  --> alerts-of-events, dead-letters-of-events
                  <-- events
                Sink: alerts-of-events (topic: millrace.alerts)
                  <-- event-alerts
                Sink: dead-letters-of-events (topic: millrace.dead-letters)
                  <-- event-alerts

            """);
  }

  @Test
  void shouldPublishAnOpenWindowWhenItChangedAndOnceMoreWhenItIsOver() {
    send(Calls.ok("openai", "acme", START + 1_000, 2_000));
    send(Calls.failed("openai", "acme", START + 2_000, "upstream_timeout"));
    send(Calls.ok("openai", "other-tenant", START + 2_000, 2_000));
    passSeconds(5);

    List<KeyValue<String, MetricWindow>> updates = realtime.readKeyValuesToList();
    assertThat(updates)
        .extracting(update -> update.key)
        .containsExactly("openai|m1|acme", "openai|m1|other-tenant");
    MetricWindow first = updates.getFirst().value;
    assertThat(first.getWindowStartMillis()).isEqualTo(START);
    assertThat(first.getRequests()).isEqualTo(2);
    assertThat(first.getErrorsByCode()).containsEntry("upstream_timeout", 1L);
    assertThat(first.getClosed()).isFalse();

    passSeconds(5);
    assertThat(realtime.isEmpty()).as("nothing changed").isTrue();

    passSeconds(10);
    send(Calls.ok("openai", "acme", START + 70_000, 2_000));
    passSeconds(5);
    List<MetricWindow> later = realtime.readValuesToList();
    assertThat(later)
        .extracting(
            MetricWindow::getWindowStartMillis,
            MetricWindow::getTenant,
            MetricWindow::getRequests,
            MetricWindow::getClosed)
        .containsExactlyInAnyOrder(
            tuple(START, "acme", 2L, true),
            tuple(START, "other-tenant", 1L, true),
            tuple(START + 60_000, "acme", 1L, false));
    assertThat(driver.getKeyValueStore(AnalyticsTopology.WINDOW_STORE).all())
        .toIterable()
        .as("closed windows are gone from the store")
        .hasSize(1);
  }

  @Test
  void shouldCloseTheLastWindowsWhenNothingComesAnyMore() {
    send(Calls.ok("openai", "acme", START + 1_000, 2_000));
    passSeconds(5);
    passSeconds(85);
    assertThat(realtime.readValuesToList()).extracting(MetricWindow::getClosed).containsOnly(false);

    passSeconds(15);

    assertThat(realtime.readValuesToList()).extracting(MetricWindow::getClosed).containsOnly(true);
  }

  @Test
  void shouldCountCallsThatComeOutOfOrderWithinTheGrace() {
    passSeconds(60);
    send(Calls.ok("openai", "acme", START + 69_000, 1_000));
    send(Calls.ok("openai", "acme", START + 59_000, 1_000));
    send(Calls.ok("openai", "acme", START + 1_000, 1_000));
    passSeconds(5);

    assertThat(realtime.readValuesToList())
        .extracting(MetricWindow::getWindowStartMillis, MetricWindow::getRequests)
        .containsExactlyInAnyOrder(tuple(START + 60_000, 1L), tuple(START, 2L));
    assertThat(count(AnalyticsMeters.CALLS_LATE)).isZero();
  }

  @Test
  void shouldDropAndCountCallsThatComeAfterTheGrace() {
    passSeconds(60);
    send(Calls.ok("openai", "acme", START + 70_000, 1_000));
    send(Calls.ok("openai", "acme", START + 59_000, 1_000));
    passSeconds(5);

    assertThat(realtime.readValuesToList())
        .extracting(MetricWindow::getWindowStartMillis)
        .containsExactly(START + 60_000);
    assertThat(count(AnalyticsMeters.CALLS_LATE)).isEqualTo(1);
  }

  @Test
  void shouldNotLetAWrongClockEndTheWindowsOfOthers() {
    passSeconds(30);
    send(Calls.ok("openai", "acme", START + Duration.ofDays(1).toMillis(), 1_000));
    send(Calls.ok("openai", "acme", START + 29_000, 1_000));
    passSeconds(5);

    assertThat(realtime.readValuesToList())
        .extracting(MetricWindow::getWindowStartMillis, MetricWindow::getRequests)
        .containsExactly(tuple(START, 2L));
    assertThat(count(AnalyticsMeters.CALLS_AHEAD)).isEqualTo(1);
  }

  @Test
  void shouldSumTenantsAsOtherAndCountThemWhenThereAreTooMany() {
    for (int i = 0; i < 5; i++) {
      send(Calls.ok("openai", "tenant" + i, START, 1_000));
    }
    passSeconds(5);

    assertThat(realtime.readKeyValuesToList())
        .extracting(update -> update.key, update -> update.value.getRequests())
        .containsExactlyInAnyOrder(
            tuple("openai|m1|tenant0", 1L),
            tuple("openai|m1|tenant1", 1L),
            tuple("openai|m1|tenant2", 1L),
            tuple("openai|m1|other", 2L));
    assertThat(count(AnalyticsMeters.CALLS_COLLAPSED)).isEqualTo(2);
  }

  @Test
  void shouldPassOverATombstone() {
    attempts.pipeInput("openai", null);
    send(Calls.ok("openai", "acme", START, 1_000));
    passSeconds(5);

    assertThat(deadLetters.isEmpty()).isTrue();
    assertThat(realtime.readValue().getRequests()).isEqualTo(1);
  }

  @Test
  void shouldBuryWhatIsNoCallOnceAndGoOn() {
    byte[] garbage = {9, 9, 9};
    send(Calls.ok("openai", "acme", START, 1_000));
    attempts.pipeInput("openai", garbage, START + 77);
    send(Calls.ok("openai", "acme", START, 1_000));
    passSeconds(5);

    TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
    assertThat(letter.value()).isEqualTo(garbage);
    assertThat(letter.key()).isEqualTo("openai".getBytes(StandardCharsets.UTF_8));
    assertThat(header(letter, HeaderNames.ERROR_CODE)).isEqualTo("undecodable");
    assertThat(header(letter, HeaderNames.ORIGIN_TOPIC)).isEqualTo("millrace.attempts");
    assertThat(header(letter, HeaderNames.ORIGIN_OFFSET)).isEqualTo("1");
    assertThat(header(letter, HeaderNames.ORIGIN_TIMESTAMP_MILLIS))
        .isEqualTo(Long.toString(START + 77));
    assertThat(header(letter, HeaderNames.FAILED_BY)).isEqualTo("analytics");
    assertThat(deadLetters.isEmpty()).isTrue();
    assertThat(realtime.readValue().getRequests()).isEqualTo(2);
    assertThat(count(AnalyticsMeters.DEAD_LETTERS)).isEqualTo(1);
  }

  @Test
  void shouldTellAnAlertFromItsBeginningToItsEnd() {
    for (int i = 0; i < 100; i++) {
      send(Calls.ok("openai", "acme", START, 1_000));
    }
    for (int i = 0; i < 10; i++) {
      send(Calls.failed("openai", "acme", START, "upstream_error"));
    }
    passSeconds(1);
    Alert warning = alerts.readValue();
    assertThat(warning.getLevel()).isEqualTo(AlertLevel.WARNING);
    assertThat(warning.getValue()).isEqualTo(10.0 / 110);

    for (int i = 0; i < 10; i++) {
      send(Calls.failed("openai", "acme", START, "upstream_error"));
    }
    passSeconds(1);
    KeyValue<String, Alert> critical = alerts.readKeyValue();
    assertThat(critical.key).isEqualTo("error-rate|provider=openai");
    assertThat(critical.value.getLevel()).isEqualTo(AlertLevel.CRITICAL);
    assertThat(critical.value.getAlertId()).isEqualTo(warning.getAlertId());

    for (int second = 1; second <= 130; second++) {
      send(Calls.ok("openai", "acme", START + second * 1_000L, 1_000));
      passSeconds(1);
    }
    Alert resolved = alerts.readValue();
    assertThat(resolved.getLevel()).isEqualTo(AlertLevel.RESOLVED);
    assertThat(resolved.getAlertId()).isEqualTo(warning.getAlertId());
    assertThat(alerts.isEmpty()).as("three records, no more").isTrue();
  }

  @Test
  void shouldWatchEachProviderByItself() {
    for (int i = 0; i < 30; i++) {
      send(Calls.ok("openai", "acme", START, 1_000));
      send(Calls.failed("simulated", "acme", START, "upstream_error"));
    }
    passSeconds(1);

    assertThat(alerts.readKeyValuesToList())
        .extracting(alert -> alert.key)
        .containsExactly("error-rate|provider=simulated");
  }

  @Test
  void shouldForgetAProviderWhoseCallsStayAway() {
    send(Calls.ok("openai", "acme", START, 1_000));
    passSeconds(1);
    assertThat(driver.getKeyValueStore(AnalyticsTopology.ERROR_RATE_STORE).get("openai"))
        .isNotNull();

    passSeconds(100);

    assertThat(driver.getKeyValueStore(AnalyticsTopology.ERROR_RATE_STORE).get("openai")).isNull();
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private void sendEvent(String type, @Nullable String tenant, Map<String, String> attributes) {
    PipelineEvent event =
        new PipelineEvent(type, START + 7, "shed", null, tenant, null, attributes);
    driver
        .createInputTopic(
            topics.events().name(),
            new StringSerializer(),
            serdes.forType(PipelineEvent.class).serializer())
        .pipeInput("shed", event);
  }

  @Test
  void shouldMakeOneAlertOfACircuitFromItsOpeningToItsClosing() {
    Map<String, String> circuit =
        Map.of(
            "process",
            "w",
            "provider",
            "p",
            "model",
            "m",
            "since",
            "5",
            "value",
            "1",
            "bound",
            "1");
    sendEvent("circuit-opened", null, circuit);
    sendEvent("circuit-reopened", null, circuit);
    sendEvent("circuit-half-opened", null, circuit);
    sendEvent("circuit-closed", null, circuit);
    List<Alert> raised = alerts.readValuesToList();
    assertThat(raised)
        .extracting(Alert::getLevel)
        .containsExactly(AlertLevel.WARNING, AlertLevel.RESOLVED);
    assertThat(raised)
        .extracting(Alert::getAlertId)
        .containsOnly("circuit|process=w,provider=p,model=m|5");
    assertThat(raised.getFirst().getMessage())
        .isEqualTo("circuit opened: process=w,provider=p,model=m (circuit_open 1, bound 1)");
  }

  @Test
  void shouldMakeOneAlertOfTheEventsOfOneOverload() {
    Map<String, String> batch =
        Map.of(
            "level",
            "batch",
            "process",
            "p1",
            "since",
            "5",
            "signal",
            "queue-delay-ms",
            "value",
            "2500",
            "bound",
            "2000");
    sendEvent("shedding-started", null, batch);
    sendEvent("request-accepted", "acme", Map.of());
    sendEvent("shedding-stopped", null, batch);

    List<KeyValue<String, Alert>> told = alerts.readKeyValuesToList();
    assertThat(told)
        .extracting(alert -> alert.key)
        .containsOnly("shedding|process=p1,level=batch")
        .hasSize(2);
    assertThat(told)
        .extracting(alert -> alert.value.getAlertId())
        .containsOnly("shedding|process=p1,level=batch|5");
    assertThat(told)
        .extracting(alert -> alert.value.getLevel())
        .containsExactly(AlertLevel.WARNING, AlertLevel.RESOLVED);
    assertThat(told.getFirst().value.getMessage())
        .isEqualTo("shedding started: process=p1,level=batch (queue-delay-ms 2500, bound 2000)");
    assertThat(told.getFirst().value.getThreshold()).isEqualTo(2000);
    assertThat(count(AnalyticsMeters.EVENT_ALERTS)).isEqualTo(2);
  }

  @Test
  void shouldBeCriticalWhenMoreThanBatchIsLeftOut() {
    sendEvent("shedding-started", null, Map.of("level", "standard", "process", "p1"));
    assertThat(alerts.readValue().getLevel()).isEqualTo(AlertLevel.CRITICAL);
  }

  @Test
  void shouldMakeAnAlertOfABudgetThatIsWarnedOfAndThenExhausted() {
    Map<String, String> budget =
        Map.of(
            "budget",
            "b",
            "owner",
            "team=x",
            "period",
            "2026-11",
            "spent_usd",
            "8.50",
            "limit_usd",
            "nonsense");
    sendEvent("budget-warning", "acme", budget);
    sendEvent("budget-exhausted", "acme", budget);

    List<Alert> told = alerts.readValuesToList();
    assertThat(told)
        .extracting(Alert::getAlertId)
        .containsOnly("budget|tenant=acme,budget=b,owner=team=x|2026-11");
    assertThat(told)
        .extracting(Alert::getLevel)
        .containsExactly(AlertLevel.WARNING, AlertLevel.CRITICAL);
    assertThat(told.getFirst().getValue()).isEqualTo(8.5);
    assertThat(told.getFirst().getThreshold()).isZero();
  }

  @Test
  void shouldSendWhatIsNoEventToTheDeadLetters() {
    TestInputTopic<String, byte[]> events =
        driver.createInputTopic(
            topics.events().name(), new StringSerializer(), new ByteArraySerializer());
    events.pipeInput("k", new byte[] {1, 2, 3});
    events.pipeInput("k", (byte[]) null);

    assertThat(deadLetters.readValuesToList()).containsExactly(new byte[] {1, 2, 3});
    assertThat(alerts.isEmpty()).isTrue();
    assertThat(count(AnalyticsMeters.DEAD_LETTERS)).isEqualTo(1);
  }
}
