package io.millrace.ingest;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Where partitions end, of those that can say so: a question about several is answered for all or
 * for none, so when one has no leader each is asked by itself.
 *
 * @param together how long all are waited for; alone they take 2 seconds more at most
 */
record PartitionEnds(Consumer<?, ?> consumer, Duration together) {

  private static final Duration ALONE = Duration.ofMillis(250);

  /** So many that say nothing are asked; what is left then counts as one of them. */
  private static final int MAX_SILENT = 8;

  /** The ends of those that said so in time. */
  Map<TopicPartition, Long> of(List<TopicPartition> partitions) {
    try {
      return consumer.endOffsets(partitions, together);
    } catch (TimeoutException e) {
      return oneByOne(partitions);
    }
  }

  private Map<TopicPartition, Long> oneByOne(List<TopicPartition> partitions) {
    Map<TopicPartition, Long> ends = new HashMap<>();
    int silent = 0;
    for (TopicPartition partition : partitions) {
      if (silent == MAX_SILENT) {
        break;
      }
      try {
        ends.putAll(consumer.endOffsets(List.of(partition), ALONE));
      } catch (TimeoutException e) {
        silent++;
      }
    }
    return ends;
  }
}
