package io.millrace.analytics;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.analytics.AnalyticsConfig.WindowSettings;
import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.avro.MetricWindow;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.InMemorySchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.streams.StreamsDefaults;
import io.millrace.schemas.topic.TopicCatalogue;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Analytics on Kafka's test driver, at a time that stands still until it is told to pass. */
abstract class AnalyticsFixture {

  /** A whole minute, so that windows start here. */
  static final long START = 1_800_000_000_000L;

  final TopicCatalogue topics = new TopicCatalogue("millrace.", 2);
  final AvroSerdes serdes = new AvroSerdes(new InMemorySchemaRegistry());
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  TopologyTestDriver driver;
  TestInputTopic<String, byte[]> attempts;
  TestOutputTopic<String, MetricWindow> realtime;
  TestOutputTopic<String, Alert> alerts;
  TestOutputTopic<byte[], byte[]> deadLetters;

  AnalyticsConfig config() {
    return AnalyticsConfig.defaults()
        .withWindows(
            new WindowSettings(
                Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(5), 3, 20));
  }

  @BeforeEach
  void open(@TempDir Path state) {
    var properties =
        StreamsDefaults.exactlyOnce(
            KafkaConnection.of("nowhere:1", "http://nowhere:1"), "test", state, 1);
    driver = new TopologyTestDriver(topology(), properties, Instant.ofEpochMilli(START));
    attempts =
        driver.createInputTopic(
            topics.attempts().name(), new StringSerializer(), new ByteArraySerializer());
    realtime = output(topics.analyticsRealtime().name(), MetricWindow.class);
    alerts = output(topics.alerts().name(), Alert.class);
    deadLetters =
        driver.createOutputTopic(
            topics.deadLetters().name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  final Topology topology() {
    return new AnalyticsTopology(config(), topics, serdes, new AnalyticsMeters(meters)).build();
  }

  @AfterEach
  void close() {
    driver.close();
  }

  final <V extends SpecificRecord> TestOutputTopic<String, V> output(String topic, Class<V> type) {
    return driver.createOutputTopic(
        topic, new StringDeserializer(), serdes.forType(type).deserializer());
  }

  final void send(ProviderCall call) {
    attempts.pipeInput(
        call.getProvider(),
        serdes.forType(ProviderCall.class).serializer().serialize("attempts", call));
  }

  final void passSeconds(long seconds) {
    driver.advanceWallClockTime(Duration.ofSeconds(seconds));
  }

  final double count(String meter) {
    return Objects.requireNonNull(meters.find(meter).counter()).count();
  }
}
