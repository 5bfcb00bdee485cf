package io.millrace.launcher.kill;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.LoneConsumer;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Follows one topic from its beginning, read committed, as a user of the topic would. */
public final class TopicReader<T extends SpecificRecord> implements AutoCloseable {

  private final SchemaRegistry registry;
  private final KafkaConsumer<String, T> consumer;
  private final List<T> values = new ArrayList<>();

  /** A reader at the beginning. */
  public TopicReader(KafkaConnection connection, String topic, Class<T> type) {
    registry = connection.openRegistry();
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    consumer =
        new KafkaConsumer<>(
            properties,
            new StringDeserializer(),
            new AvroSerdes(registry).forType(type).deserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Everything so far; reads what has come since the last call, to the end as it is now. */
  public List<T> poll() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      for (ConsumerRecord<String, T> record : consumer.poll(Duration.ofMillis(200))) {
        values.add(record.value());
      }
    }
    return values;
  }

  @Override
  public void close() {
    LoneConsumer.close(consumer);
    registry.close();
  }
}
