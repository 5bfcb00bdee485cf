package io.millrace.launcher.batch;

import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Counts what the attempts topic says. */
final class ProviderCalls {

  private ProviderCalls() {}

  /** Calls by request id, without looks at a provider's health. */
  static Map<String, Integer> count(KafkaConnection connection, TopicCatalogue topics) {
    Map<String, Integer> calls = new HashMap<>();
    String topic = topics.attempts().name();
    try (SchemaRegistry registry = connection.openRegistry();
        KafkaConsumer<String, ProviderCall> consumer =
            new KafkaConsumer<>(
                connection.clientProperties(),
                new StringDeserializer(),
                new AvroSerdes(registry).forType(ProviderCall.class).deserializer())) {
      var partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .collect(Collectors.toSet());
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        for (ConsumerRecord<String, ProviderCall> record : consumer.poll(Duration.ofSeconds(1))) {
          if (!record.value().getProbe()) {
            calls.merge(record.value().getRequestId(), 1, Integer::sum);
          }
        }
      }
    }
    return calls;
  }
}
