package io.millrace.stages.reply;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.topic.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The properties of the Kafka clients that copy results. */
final class ReplyClients {

  /** A send may take this long. */
  private static final Duration SEND_TIMEOUT = Duration.ofSeconds(5);

  /** Finding a topic, or a step of a transaction, may take this long; others wait meanwhile. */
  private static final Duration STEP_TIMEOUT = Duration.ofSeconds(3);

  /**
   * The broker ends a transaction of somebody who died after this long; until then readers of
   * committed records wait.
   */
  private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(30);

  /** The most results looked at between two commits, and so the most copies in a transaction. */
  private static final int MAX_POLL_RECORDS = 500;

  /**
   * Where a group begins that has never been: a little before now, for results may have come while
   * it was on its way.
   */
  private static final String FROM_A_LITTLE_BEFORE = "by_duration:PT5M";

  private ReplyClients() {}

  static Map<String, Object> consumer(String client, KafkaConnection connection) {
    Map<String, Object> properties = connection.clientProperties();
    properties.putIfAbsent(ConsumerConfig.GROUP_PROTOCOL_CONFIG, GroupProtocol.CONSUMER.name());
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, client);
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, client);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, FROM_A_LITTLE_BEFORE);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
    properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    return properties;
  }

  /** Those of producers that follow one another in a process: each ends what was left open. */
  static Map<String, Object> producer(String client, KafkaConnection connection) {
    int millis = (int) SEND_TIMEOUT.toMillis();
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ProducerConfig.CLIENT_ID_CONFIG, client);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, client + "-" + UUID.randomUUID());
    properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) TRANSACTION_TIMEOUT.toMillis());
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, STEP_TIMEOUT.toMillis());
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis);
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topic.MAX_RECORD_BYTES);
    properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    return properties;
  }
}
