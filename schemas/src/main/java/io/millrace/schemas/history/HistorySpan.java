package io.millrace.schemas.history;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * From where to where partitions are read for what has passed.
 *
 * @param starts the first offset to read of each
 * @param ends the first not to read
 * @param cut whether the oldest, of those that the reader does not have, are left out
 */
record HistorySpan(Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends, boolean cut) {

  /** The span of a query; the ends are those of committed records. */
  static HistorySpan of(
      Consumer<byte[], byte[]> consumer,
      Set<TopicPartition> partitions,
      HistoryQuery query,
      Function<TopicPartition, String> names) {
    Map<TopicPartition, Long> present = consumer.endOffsets(partitions);
    Map<TopicPartition, Long> from = at(consumer, query.fromMillis(), present);
    Map<TopicPartition, Long> to =
        query.untilMillis() == HistoryQuery.NOW
            ? present
            : at(consumer, query.untilMillis(), present);
    from.replaceAll(
        (partition, start) ->
            behind(
                query.after().offsetOf(names.apply(partition)),
                start,
                to.getOrDefault(partition, 0L)));
    return bounded(from, to, query.maxRecords());
  }

  /**
   * Where to begin for a reader who has what a mark says. A mark behind the end is of another topic
   * or made up: it would lead to the very beginning.
   */
  static long behind(OptionalLong mark, long start, long end) {
    long next = mark.orElse(-1) + 1;
    return next > end ? start : Math.max(start, next);
  }

  private static Map<TopicPartition, Long> at(
      Consumer<byte[], byte[]> consumer, long millis, Map<TopicPartition, Long> ends) {
    Map<TopicPartition, @Nullable OffsetAndTimestamp> found =
        consumer.offsetsForTimes(
            ends.keySet().stream()
                .collect(Collectors.toMap(each -> each, each -> Math.max(0, millis))));
    Map<TopicPartition, Long> offsets = new HashMap<>(ends);
    found.forEach(
        (partition, first) -> {
          if (first != null) {
            offsets.put(partition, first.offset());
          }
        });
    return offsets;
  }

  /** Each partition has an equal share of the bound; what is over it is left out at the old end. */
  static HistorySpan bounded(
      Map<TopicPartition, Long> from, Map<TopicPartition, Long> to, long maxRecords) {
    long share = Math.max(1, maxRecords / Math.max(1, from.size()));
    boolean cut = false;
    Map<TopicPartition, Long> starts = new HashMap<>();
    for (Map.Entry<TopicPartition, Long> each : from.entrySet()) {
      long earliest = to.getOrDefault(each.getKey(), 0L) - share;
      cut |= each.getValue() < earliest;
      starts.put(each.getKey(), Math.max(each.getValue(), earliest));
    }
    return new HistorySpan(Map.copyOf(starts), Map.copyOf(to), cut);
  }
}
