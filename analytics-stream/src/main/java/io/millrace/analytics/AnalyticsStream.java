package io.millrace.analytics;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.streams.StreamsDefaults;
import io.millrace.schemas.streams.StreamsRunner;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/**
 * The running analytics service: reads every provider call, publishes windows and alerts. Its
 * topics must exist before it starts. Several instances share the work by partition; {@code
 * attempts} is keyed by provider, so all calls of one provider meet in one task and no figure is
 * ever split between instances. Thread-safe.
 */
public final class AnalyticsStream implements AutoCloseable {

  /** How long {@link #close} waits for the calls in hand. */
  static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  /** All record caches of the application together, in bytes: they spare changelog records. */
  static final long CACHE_BYTES = 16L * 1024 * 1024;

  /**
   * Nobody waits for a figure: a fetch collects so many bytes, for so long at most, instead of
   * asking the broker anew for each batch.
   */
  static final int FETCH_MIN_BYTES = 256 * 1024;

  static final int FETCH_MAX_WAIT_MILLIS = 100;

  private final SchemaRegistry registry;
  private final StreamsRunner runner;

  private AnalyticsStream(SchemaRegistry registry, StreamsRunner runner) {
    this.registry = registry;
    this.runner = runner;
  }

  /**
   * Starts the service; returns at once, before its tasks are assigned.
   *
   * @param meters where its figures go; not closed by the service
   */
  public static AnalyticsStream start(
      AnalyticsConfig config,
      KafkaConnection connection,
      TopicCatalogue topics,
      MeterRegistry meters) {
    return start(config, connection, topics, meters, connection.openRegistry());
  }

  /** Starts the service on a registry, which it closes. */
  static AnalyticsStream start(
      AnalyticsConfig config,
      KafkaConnection connection,
      TopicCatalogue topics,
      MeterRegistry meters,
      SchemaRegistry registry) {
    try {
      Topology topology =
          new AnalyticsTopology(
                  config, topics, new AvroSerdes(registry), new AnalyticsMeters(meters))
              .build();
      return new AnalyticsStream(
          registry, StreamsRunner.start(topology, properties(config, connection, topics)));
    } catch (RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  /** Whether every task is assigned, restored and running. */
  public boolean ready() {
    return runner.ready();
  }

  /** Why the service stopped by itself, if it did. */
  public Optional<Throwable> failure() {
    return runner.failure();
  }

  /** Finishes the calls in hand, commits and stops, waiting at most {@link #CLOSE_TIMEOUT}. */
  @Override
  public void close() {
    runner.close(CLOSE_TIMEOUT);
    registry.close();
  }

  private static Properties properties(
      AnalyticsConfig config, KafkaConnection connection, TopicCatalogue topics) {
    Properties properties =
        StreamsDefaults.exactlyOnce(
            connection, topics.prefix() + "analytics", config.stateDirectory(), config.threads());
    properties.put(
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, Long.toString(config.commitInterval().toMillis()));
    properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, Long.toString(CACHE_BYTES));
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MIN_BYTES_CONFIG), FETCH_MIN_BYTES);
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG),
        FETCH_MAX_WAIT_MILLIS);
    return properties;
  }
}
