package io.millrace.analytics;

import io.millrace.analytics.health.HealthProcessor;
import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.avro.MetricWindow;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.avro.ProviderHealth;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.streams.HeldStores;
import io.millrace.schemas.streams.HeldValues;
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
 *                     ├─► health ──────► provider-health
 *                     └─► dead-letters
 *
 * events ───► event-alerts ──┬─► alerts
 *                            └─► dead-letters
 * </pre>
 */
final class AnalyticsTopology {

  static final String SOURCE = "attempts";
  static final String DECODE = "decode";
  static final String WINDOWS = "windows";
  static final String ERROR_RATE = "error-rate";
  static final String HEALTH = "health";
  static final String HEALTH_SINK = "provider-health";
  static final String REALTIME_SINK = "analytics-realtime";
  static final String ALERTS_SINK = "alerts";
  static final String DEAD_LETTERS_SINK = "dead-letters";
  static final String EVENTS_SOURCE = "events";
  static final String EVENT_ALERTS = "event-alerts";

  /** Sinks of their own keep events in a sub-topology of their own, with no state to move. */
  static final String EVENT_ALERTS_SINK = "alerts-of-events";

  static final String EVENT_DEAD_LETTERS_SINK = "dead-letters-of-events";

  /** Open windows by {@link WindowKey#storeKey()}. */
  static final String WINDOW_STORE = "open-windows";

  /** How far event time has come, under {@link #WATERMARK_KEY}. */
  static final String CLOCK_STORE = "event-clock";

  /** Recent calls and open alert by provider. */
  static final String ERROR_RATE_STORE = "error-rates";

  /** What is known of each model by {@code provider/model}. */
  static final String HEALTH_STORE = "model-health";

  static final String WATERMARK_KEY = "watermark-millis";

  /** What a counted value takes in memory, for the bound on what is held. */
  private static final long ABOUT_BYTES = 2_048;

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
    Topology topology =
        new Topology()
            .addSource(SOURCE, bytesIn, bytesIn, topics.attempts().name())
            .addProcessor(DECODE, () -> new DecodeProcessor(decoder, meters), SOURCE)
            .addProcessor(WINDOWS, () -> new WindowProcessor(config.windows(), meters), DECODE)
            .addProcessor(
                ERROR_RATE,
                () ->
                    new ErrorRateProcessor(
                        config.errorRate(), config.windows().idleAfter(), meters),
                DECODE)
            .addStateStore(
                counted(
                    WINDOW_STORE, new OpenWindowSerde(windows, config.windows().maxErrorCodes())),
                WINDOWS)
            .addStateStore(store(CLOCK_STORE, Serdes.Long()), WINDOWS, ERROR_RATE)
            .addStateStore(counted(ERROR_RATE_STORE, new WatchedRateSerde()), ERROR_RATE)
            .addSink(
                REALTIME_SINK,
                topics.analyticsRealtime().name(),
                keyOut,
                windows.serializer(),
                WINDOWS)
            .addSink(ALERTS_SINK, topics.alerts().name(), keyOut, alerts.serializer(), ERROR_RATE)
            .addSink(DEAD_LETTERS_SINK, topics.deadLetters().name(), bytesOut, bytesOut, DECODE);
    return addEventAlerts(addHealth(topology));
  }

  private Topology addHealth(Topology topology) {
    return topology
        .addProcessor(
            HEALTH,
            () -> new HealthProcessor(HEALTH_STORE, config.health(), meters.registry()),
            DECODE)
        .addStateStore(store(HEALTH_STORE, Serdes.ByteArray()), HEALTH)
        .addSink(
            HEALTH_SINK,
            topics.providerHealth().name(),
            new StringSerializer(),
            serdes.forType(ProviderHealth.class).serializer(),
            HEALTH);
  }

  private Topology addEventAlerts(Topology topology) {
    String events = topics.events().name();
    var bytesIn = new ByteArrayDeserializer();
    var bytesOut = new ByteArraySerializer();
    return topology
        .addSource(EVENTS_SOURCE, bytesIn, bytesIn, events)
        .addProcessor(
            EVENT_ALERTS,
            () ->
                new EventAlertProcessor(
                    serdes.leadingText("type", EventRule.TYPES),
                    serdes.forType(PipelineEvent.class).deserializer(),
                    events,
                    meters),
            EVENTS_SOURCE)
        .addSink(
            EVENT_ALERTS_SINK,
            topics.alerts().name(),
            new StringSerializer(),
            serdes.forType(Alert.class).serializer(),
            EVENT_ALERTS)
        .addSink(
            EVENT_DEAD_LETTERS_SINK, topics.deadLetters().name(), bytesOut, bytesOut, EVENT_ALERTS);
  }

  /** Changed by every call: held, and encoded, only for each commit. */
  private static <V> StoreBuilder<KeyValueStore<String, V>> counted(String name, Serde<V> values) {
    return HeldStores.inFrontOf(
        Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.String(), values),
        HeldValues.shared(ABOUT_BYTES));
  }

  private static <V> StoreBuilder<KeyValueStore<String, V>> store(String name, Serde<V> values) {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(name), Serdes.String(), values)
        .withCachingEnabled();
  }
}
