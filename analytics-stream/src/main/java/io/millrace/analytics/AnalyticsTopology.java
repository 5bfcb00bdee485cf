package io.millrace.analytics;

import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.avro.MetricWindow;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The topology.
 *
 * <pre>
 * attempts ─► decode ─┬─► windows ─────► analytics.realtime
 *                     ├─► error-rate ──► alerts
 *                     └─► dead-letters
 * events ─► budget-alerts ───────────► alerts
 * </pre>
 */
final class AnalyticsTopology {

  static final String SOURCE = "attempts";
  static final String DECODE = "decode";
  static final String WINDOWS = "windows";
  static final String ERROR_RATE = "error-rate";
  static final String REALTIME_SINK = "analytics-realtime";
  static final String ALERTS_SINK = "alerts";
  static final String DEAD_LETTERS_SINK = "dead-letters";

  static final String EVENTS = "events";
  static final String BUDGET_ALERTS = "budget-alerts";

  /** A sink of its own, so that events and attempts need not have as many partitions. */
  static final String BUDGET_ALERTS_SINK = "alerts-of-budgets";

  /** Open windows by {@link WindowKey#storeKey()}. */
  static final String WINDOW_STORE = "open-windows";

  /** How far event time has come, under {@link #WATERMARK_KEY}. */
  static final String CLOCK_STORE = "event-clock";

  /** Recent calls and open alert by provider. */
  static final String ERROR_RATE_STORE = "error-rates";

  static final String WATERMARK_KEY = "watermark-millis";

  private final AnalyticsConfig config;
  private final TopicCatalogue topics;
  private final AvroSerdes serdes;
  private final AnalyticsMeters meters;

  AnalyticsTopology(
      AnalyticsConfig config, TopicCatalogue topics, AvroSerdes serdes, AnalyticsMeters meters) {
    this.config = config;
    this.topics = topics;
    this.serdes = serdes;
    this.meters = meters;
  }

  Topology build() {
    Serde<MetricWindow> windows = serdes.forType(MetricWindow.class);
    Serde<Alert> alerts = serdes.forType(Alert.class);
    CallDecoder decoder = new CallDecoder(serdes, topics.attempts().name());
    var bytesIn = new ByteArrayDeserializer();
    var bytesOut = new ByteArraySerializer();
    var keyOut = new StringSerializer();
    return new Topology()
        .addSource(SOURCE, bytesIn, bytesIn, topics.attempts().name())
        .addProcessor(DECODE, () -> new DecodeProcessor(decoder, meters), SOURCE)
        .addProcessor(WINDOWS, () -> new WindowProcessor(config.windows(), meters), DECODE)
        .addProcessor(
            ERROR_RATE,
            () -> new ErrorRateProcessor(config.errorRate(), config.windows().idleAfter(), meters),
            DECODE)
        .addStateStore(store(WINDOW_STORE, windows), WINDOWS)
        .addStateStore(store(CLOCK_STORE, Serdes.Long()), WINDOWS, ERROR_RATE)
        .addStateStore(store(ERROR_RATE_STORE, new WatchedRateSerde()), ERROR_RATE)
        .addSink(
            REALTIME_SINK, topics.analyticsRealtime().name(), keyOut, windows.serializer(), WINDOWS)
        .addSink(ALERTS_SINK, topics.alerts().name(), keyOut, alerts.serializer(), ERROR_RATE)
        .addSink(DEAD_LETTERS_SINK, topics.deadLetters().name(), bytesOut, bytesOut, DECODE)
        .addSource(EVENTS, bytesIn, bytesIn, topics.events().name())
        .addProcessor(
            BUDGET_ALERTS, () -> new BudgetAlertProcessor(serdes, topics.events().name()), EVENTS)
        .addSink(
            BUDGET_ALERTS_SINK, topics.alerts().name(), keyOut, alerts.serializer(), BUDGET_ALERTS);
  }

  private static <V> StoreBuilder<KeyValueStore<String, V>> store(String name, Serde<V> values) {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(name), Serdes.String(), values)
        .withCachingEnabled();
  }
}
