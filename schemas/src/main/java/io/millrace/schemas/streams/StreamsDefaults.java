package io.millrace.schemas.streams;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.PacedProducer;
import io.millrace.schemas.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** The settings that every Streams application of the pipeline shares, and why. */
public final class StreamsDefaults {

  /** Short enough that a killed instance is noticed soon, long enough for a garbage collection. */
  static final Duration SESSION_TIMEOUT = Duration.ofSeconds(10);

  /**
   * A member learns with its heartbeats that partitions were given up for it: one that goes leaves
   * them idle for so long, and one that comes waits so long, once or twice.
   */
  static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(1);

  /**
   * How long a record waits for company in a flood: as long as from one commit to the next, which
   * sends everything. Nobody who waits notices: at less than a flood {@link PacedProducer} sends
   * sooner.
   */
  static final int FLOOD_LINGER_MILLIS = 100;

  private StreamsDefaults() {}

  /**
   * Exactly-once settings for one application.
   *
   * @param connection how to reach the cluster; its properties win over these
   * @param applicationId unique per application and pipeline
   * @param stateDir where its stores live; one process at a time per application
   * @param threads stream threads, at least 1
   */
  public static Properties exactlyOnce(
      KafkaConnection connection, String applicationId, Path stateDir, int threads) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    // Throughput is best at 100 ms; nobody who waits depends on it, see docs/performance.md.
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100L);
    properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
    properties.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, AnyTime.class);
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, -1);
    properties.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
        (int) SESSION_TIMEOUT.toMillis());
    properties.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
        (int) HEARTBEAT_INTERVAL.toMillis());
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), FLOOD_LINGER_MILLIS);
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), PacedProducer.BATCH_BYTES);
    // A broker takes one request of a connection after the other, and the first record for a
    // partition in each transaction costs it a round trip. What comes meanwhile leaves together.
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), 1);
    properties.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        Topic.MAX_RECORD_BYTES);
    properties.putAll(connection.clientProperties());
    return properties;
  }
}
