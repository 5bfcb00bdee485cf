package io.millrace.workers;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.PacedProducer;
import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The properties of the workers' Kafka clients. */
final class WorkerClients {

  /** A fetch brings at most this much, so that many consumers fit into one small process. */
  private static final int FETCH_MAX_BYTES = 16 * 1024 * 1024;

  /** What is read again and not wanted yet is kept, for each partition so many records at most. */
  private static final int SECOND_POLL_RECORDS = 100;

  /** Outcomes on their way may take this much memory; then calls wait before they send. */
  private static final long PRODUCER_BUFFER_BYTES = 64L * 1024 * 1024;

  /**
   * A request may take this long, and a record twice as long with its repetitions; then the outbox
   * takes over, which never gives up.
   */
  private static final int REQUEST_TIMEOUT_MS = 15_000;

  private static final String RANGE_ASSIGNOR = "range";

  private WorkerClients() {}

  /** The group that shares a provider's work. */
  static String group(String provider, TopicCatalogue topics) {
    String prefix = topics.prefix();
    String base = prefix.endsWith(".") ? prefix.substring(0, prefix.length() - 1) : prefix;
    return base.isEmpty() ? "provider-" + provider : base + "-provider-" + provider;
  }

  /**
   * A consumer of one provider. It reads uncommitted: exchange ids and attempts are deterministic,
   * so a call begun for a transaction that aborts is still the right call when it is repeated.
   */
  static Map<String, Object> consumer(
      String provider,
      ProviderWorkersConfig config,
      KafkaConnection connection,
      TopicCatalogue topics) {
    Map<String, Object> properties = connection.clientProperties();
    if (!properties.containsKey(ConsumerConfig.GROUP_PROTOCOL_CONFIG)) {
      properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, GroupProtocol.CONSUMER.name());
      // Every lane is spread over all workers; the default may give one of them a whole lane.
      properties.put(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG, RANGE_ASSIGNOR);
    }
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, group(provider, topics));
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, config.workerId() + "-" + provider);
    properties.put(
        ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_UNCOMMITTED.toString());
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, config.maxPollRecords());
    properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_MAX_BYTES);
    properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    return properties;
  }

  /** The like without a group, for what the first consumer has passed over. */
  static Map<String, Object> secondConsumer(
      String provider,
      ProviderWorkersConfig config,
      KafkaConnection connection,
      TopicCatalogue topics) {
    Map<String, Object> properties = consumer(provider, config, connection, topics);
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    properties.remove(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG);
    properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, GroupProtocol.CLASSIC.name());
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, config.workerId() + "-" + provider + "-again");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, SECOND_POLL_RECORDS);
    return properties;
  }

  /** The producer of all providers. */
  static Map<String, Object> producer(ProviderWorkersConfig config, KafkaConnection connection) {
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ProducerConfig.CLIENT_ID_CONFIG, config.workerId());
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, config.producerLinger().toMillis());
    properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, PacedProducer.BATCH_BYTES);
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2 * REQUEST_TIMEOUT_MS);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (long) REQUEST_TIMEOUT_MS);
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topic.MAX_RECORD_BYTES);
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, PRODUCER_BUFFER_BYTES);
    properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    return properties;
  }
}
