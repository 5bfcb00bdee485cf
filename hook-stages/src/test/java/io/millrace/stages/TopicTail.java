package io.millrace.stages;

import io.millrace.schemas.kafka.LoneConsumer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads topics from their beginning, value by value. Used by one thread. */
final class TopicTail<T> implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration METADATA_PATIENCE = Duration.ofSeconds(20);

  private final KafkaConsumer<String, T> consumer;
  private final List<TopicPartition> partitions;
  private final Deque<T> waiting = new ArrayDeque<>();

  TopicTail(
      String bootstrapServers, List<String> topics, Deserializer<T> values, String isolation) {
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "isolation.level", isolation),
            new StringDeserializer(),
            values);
    partitions =
        topics.stream()
            .flatMap(topic -> partitionsOf(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** A broker may take a moment to know a topic that was just created. */
  private List<PartitionInfo> partitionsOf(String topic) {
    long end = System.nanoTime() + METADATA_PATIENCE.toNanos();
    List<PartitionInfo> known = consumer.partitionsFor(topic);
    while (known.isEmpty()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("there is no topic " + topic);
      }
      known = consumer.partitionsFor(topic);
    }
    return known;
  }

  /** The next value, when it comes. */
  T next(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    while (waiting.isEmpty()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("nothing more came on " + partitions + " within " + patience);
      }
      poll();
    }
    return waiting.removeFirst();
  }

  /** Every value that is there now and was not taken. */
  List<T> rest() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      poll();
    }
    List<T> rest = List.copyOf(waiting);
    waiting.clear();
    return rest;
  }

  private void poll() {
    consumer.poll(POLL).forEach(record -> waiting.add(record.value()));
  }

  @Override
  public void close() {
    LoneConsumer.close(consumer);
  }
}
