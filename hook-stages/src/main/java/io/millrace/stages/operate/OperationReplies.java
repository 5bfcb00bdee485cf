package io.millrace.stages.operate;

import io.millrace.schemas.avro.OperationReply;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.LoneConsumer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Replies from now on, committed ones only, in no consumer group. Used by one thread. */
final class OperationReplies implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaConsumer<String, byte[]> consumer;
  private final String topic;
  private final Deserializer<OperationReply> values;

  private OperationReplies(
      KafkaConsumer<String, byte[]> consumer, String topic, Deserializer<OperationReply> values) {
    this.consumer = consumer;
    this.topic = topic;
    this.values = values;
  }

  /** Every reply to what is asked after this call returns will be seen. */
  static OperationReplies fromNowOn(
      KafkaConnection connection, String topic, Deserializer<OperationReply> values) {
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    OperationReplies replies =
        new OperationReplies(
            new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer()),
            topic,
            values);
    try {
      replies.assign();
      return replies;
    } catch (RuntimeException e) {
      replies.close();
      throw e;
    }
  }

  /** Seeking is lazy: asking for the position makes it happen before anything is sent. */
  private void assign() {
    TopicPartition partition = new TopicPartition(topic, 0);
    consumer.assign(List.of(partition));
    consumer.seekToEnd(List.of(partition));
    consumer.position(partition);
  }

  /** The reply of this id; empty where none comes in time. */
  Optional<OperationReply> await(String id, Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < end) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        if (id.equals(record.key())) {
          return Optional.of(values.deserialize(topic, record.value()));
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    LoneConsumer.close(consumer);
  }
}
