package io.millrace.schemas.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * All partitions of a small compacted topic, from the first record on. Reads what is committed,
 * commits nothing itself and belongs to no group. Not thread-safe, but for {@link #wakeup()}.
 */
public final class WholeTopic implements AutoCloseable {

  private final Consumer<String, byte[]> consumer;
  private final String topic;

  private WholeTopic(Consumer<String, byte[]> consumer, String topic) {
    this.consumer = consumer;
    this.topic = topic;
  }

  /** A reader at the beginning; nothing is read yet. */
  public static WholeTopic open(String topic, KafkaConnection connection) {
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new WholeTopic(
        new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer()),
        topic);
  }

  /** The topic's name. */
  public String name() {
    return topic;
  }

  /**
   * Finds the partitions, once.
   *
   * @return false while there is no such topic
   * @throws org.apache.kafka.common.KafkaException when the cluster refuses or cannot be reached
   */
  public boolean assigned() {
    if (consumer.assignment().isEmpty()) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
    }
    return !consumer.assignment().isEmpty();
  }

  /**
   * The next records, in order within each partition.
   *
   * @throws org.apache.kafka.common.KafkaException when the cluster refuses
   */
  public List<ConsumerRecord<String, byte[]>> poll(Duration atMost) {
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    consumer.poll(atMost).forEach(records::add);
    return records;
  }

  /** Goes back, so that records which were not dealt with are read again. */
  public void unread(List<ConsumerRecord<String, byte[]>> records) {
    Map<TopicPartition, Long> first = new HashMap<>();
    records.forEach(
        record ->
            first.merge(new TopicPartition(topic, record.partition()), record.offset(), Math::min));
    first.forEach(consumer::seek);
  }

  /** Whether everything that is on the topic now was read. */
  public boolean atEnd() {
    return consumer.endOffsets(consumer.assignment()).entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /** Ends a poll, from another thread. */
  public void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    LoneConsumer.close(consumer);
  }
}
