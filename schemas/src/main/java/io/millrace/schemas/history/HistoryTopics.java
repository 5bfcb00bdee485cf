package io.millrace.schemas.history;

import io.millrace.schemas.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/**
 * The topics of which a request's history is made. The pipeline itself writes them with the
 * partitioner of Kafka's Java client, so a key tells its partition.
 */
final class HistoryTopics {

  private final String events;
  private final String attempts;
  private final String completions;

  HistoryTopics(TopicCatalogue topics) {
    events = topics.events().name();
    attempts = topics.attempts().name();
    completions = topics.completions().name();
  }

  String events() {
    return events;
  }

  String attempts() {
    return attempts;
  }

  String completions() {
    return completions;
  }

  /**
   * Where the history may be: one partition of events, those of the calls, and one of results where
   * the query has no end; for one that has, the result is known.
   */
  Set<TopicPartition> partitionsOf(HistoryQuery query, Consumer<byte[], byte[]> consumer) {
    Set<TopicPartition> partitions = new HashSet<>();
    partitions.add(partition(events, query.requestId(), count(consumer, events)));
    if (query.untilMillis() == HistoryQuery.NOW) {
      partitions.add(partition(completions, query.requestId(), count(consumer, completions)));
    }
    int calls = count(consumer, attempts);
    if (query.providers().isEmpty()) {
      for (int number = 0; number < calls; number++) {
        partitions.add(new TopicPartition(attempts, number));
      }
    } else {
      query.providers().forEach(provider -> partitions.add(partition(attempts, provider, calls)));
    }
    return partitions;
  }

  /** What marks call a partition. */
  String nameOf(TopicPartition partition) {
    String topic = partition.topic();
    String letter = topic.equals(events) ? "e" : topic.equals(attempts) ? "a" : "c";
    return letter + partition.partition();
  }

  private static TopicPartition partition(String topic, String key, int count) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    return new TopicPartition(topic, Utils.toPositive(Utils.murmur2(bytes)) % count);
  }

  private static int count(Consumer<byte[], byte[]> consumer, String topic) {
    List<PartitionInfo> partitions = consumer.partitionsFor(topic);
    if (partitions == null || partitions.isEmpty()) {
      throw new KafkaException("topic " + topic + " does not exist; create the topics first");
    }
    return partitions.size();
  }
}
