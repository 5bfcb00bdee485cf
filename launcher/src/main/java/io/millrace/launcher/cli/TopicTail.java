package io.millrace.launcher.cli;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.LoneConsumer;
import io.millrace.schemas.topic.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic without a consumer group, so that it disturbs nobody. Not thread-safe. */
final class TopicTail implements AutoCloseable {

  /** Where to start. */
  enum From {
    BEGINNING,
    END
  }

  private static final Duration POLL_TIMEOUT = Duration.ofMillis(250);

  private final KafkaConsumer<byte[], byte[]> consumer;

  private TopicTail(KafkaConsumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  /** Opens it; records written after this returns are seen, whatever the start. */
  static TopicTail open(KafkaConnection connection, Topic topic, From from) {
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Topic.MAX_RECORD_BYTES);
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    TopicTail tail = new TopicTail(consumer);
    tail.seek(topic.name(), from);
    return tail;
  }

  private void seek(String topic, From from) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    consumer.assign(partitions);
    switch (from) {
      case BEGINNING -> consumer.seekToBeginning(partitions);
      case END -> consumer.seekToEnd(partitions);
    }
    partitions.forEach(consumer::position);
  }

  /**
   * Hands over records one by one.
   *
   * @param follow whether to wait for more at the end
   * @param max how many at most
   * @param reader says whether it wants more
   */
  void read(boolean follow, long max, Predicate<ConsumerRecord<byte[], byte[]>> reader) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    long left = max;
    while (left > 0 && (follow || !reached(ends))) {
      for (ConsumerRecord<byte[], byte[]> taken : consumer.poll(POLL_TIMEOUT)) {
        if (left > 0) {
          left = reader.test(taken) ? left - 1 : 0;
        }
      }
    }
  }

  /** The records that are there now, or none after a short wait. */
  Iterable<ConsumerRecord<byte[], byte[]>> poll() {
    return poll(POLL_TIMEOUT);
  }

  /** The records that are there now, or none after so short a wait. */
  Iterable<ConsumerRecord<byte[], byte[]>> poll(Duration timeout) {
    return consumer.poll(timeout);
  }

  private boolean reached(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  @Override
  public void close() {
    LoneConsumer.close(consumer);
  }
}
