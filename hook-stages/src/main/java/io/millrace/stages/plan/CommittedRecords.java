package io.millrace.stages.plan;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.LoneConsumer;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what is on some partitions now: committed records only, in no consumer group. */
final class CommittedRecords {

  private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);

  /** How long the cluster may give nothing although there is something to read. */
  private static final long MAX_STANDSTILL_NANOS = Duration.ofSeconds(30).toNanos();

  private CommittedRecords() {}

  /**
   * Reads from each partition's position to its end as it is at the time of the call.
   *
   * @param positions where to begin; moved on to where reading ended
   * @throws org.apache.kafka.common.KafkaException when the cluster cannot be reached or stalls
   */
  static void read(
      KafkaConnection connection,
      Map<TopicPartition, Long> positions,
      Consumer<ConsumerRecord<byte[], byte[]>> each) {
    KafkaConsumer<byte[], byte[]> consumer = open(connection);
    try {
      consumer.assign(positions.keySet());
      positions.forEach(consumer::seek);
      Map<TopicPartition, Long> ends = consumer.endOffsets(positions.keySet());
      long movedAtNanos = System.nanoTime();
      while (ends.entrySet().stream().anyMatch(end -> lags(consumer, end))) {
        var records = consumer.poll(POLL_TIMEOUT);
        records.forEach(each);
        if (!records.isEmpty()) {
          movedAtNanos = System.nanoTime();
        } else if (System.nanoTime() - movedAtNanos > MAX_STANDSTILL_NANOS) {
          throw new TimeoutException("cannot read to the end of " + ends);
        }
      }
      positions.replaceAll((partition, position) -> consumer.position(partition));
    } finally {
      LoneConsumer.close(consumer);
    }
  }

  private static boolean lags(
      KafkaConsumer<byte[], byte[]> consumer, Map.Entry<TopicPartition, Long> end) {
    return consumer.position(end.getKey()) < end.getValue();
  }

  private static KafkaConsumer<byte[], byte[]> open(KafkaConnection connection) {
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
