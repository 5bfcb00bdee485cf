package io.millrace.analytics.monitors;

import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.serde.UndecodableValueException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the alerts that were written so far, whoever wrote them. Used by one thread. */
final class AlertLog {

  private static final Logger LOG = LoggerFactory.getLogger(AlertLog.class);
  private static final Duration POLL = Duration.ofMillis(200);

  /** How long the cluster may give nothing although there is something to read. */
  private static final long MAX_STANDSTILL_NANOS = Duration.ofSeconds(30).toNanos();

  private final KafkaConnection connection;
  private final String topic;
  private final Deserializer<Alert> values;
  private final Map<TopicPartition, Long> positions = new HashMap<>();

  AlertLog(KafkaConnection connection, String topic, Deserializer<Alert> values) {
    this.connection = connection;
    this.topic = topic;
    this.values = values;
  }

  /**
   * Reads from where it ended before, at first from the beginning, to what is there now.
   *
   * @throws org.apache.kafka.common.KafkaException when the cluster cannot be reached; what was
   *     read by then is read again
   */
  void readOn(Consumer<Alert> each) {
    try (KafkaConsumer<String, byte[]> consumer = open()) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      positions.forEach(consumer::seek);
      read(consumer, consumer.endOffsets(partitions), each);
      partitions.forEach(partition -> positions.put(partition, consumer.position(partition)));
    }
  }

  private void read(
      KafkaConsumer<String, byte[]> consumer,
      Map<TopicPartition, Long> ends,
      Consumer<Alert> each) {
    long movedAtNanos = System.nanoTime();
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
      records.forEach(record -> read(record, each));
      if (!records.isEmpty()) {
        movedAtNanos = System.nanoTime();
      } else if (System.nanoTime() - movedAtNanos > MAX_STANDSTILL_NANOS) {
        throw new TimeoutException("cannot read to the end of " + ends);
      }
    }
  }

  private void read(ConsumerRecord<String, byte[]> record, Consumer<Alert> each) {
    try {
      Alert alert = values.deserialize(topic, record.value());
      if (alert != null) {
        each.accept(alert);
      }
    } catch (UndecodableValueException e) {
      LOG.warn(
          "the record at offset {} of {} is no alert and is passed over: {}",
          record.offset(),
          topic,
          e.getMessage());
    }
  }

  private KafkaConsumer<String, byte[]> open() {
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
  }
}
