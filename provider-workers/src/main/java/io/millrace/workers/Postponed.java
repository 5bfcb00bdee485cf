package io.millrace.workers;

import io.millrace.schemas.avro.Lane;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries whose model may not be called now, until they are due again. They have no place in
 * flight, so a dead model takes none from the others. Owned by the poll thread.
 */
final class Postponed {

  /** So many are enough: nothing new is begun then, and what else there is waits in its topic. */
  static final int MAX = 10_000;

  /** The same for the size of their records, in bytes. */
  static final long MAX_BYTES = 8L * 1024 * 1024;

  /** Each that joins others is due so much later: a crowd does not come back all at once. */
  static final Duration SPACING = Duration.ofMillis(1);

  private final Map<Lane, PriorityQueue<Entry>> byLane = new EnumMap<>(Lane.class);
  private long joined;
  private int size;
  private long bytes;

  Postponed() {
    for (Lane lane : Lane.values()) {
      byLane.put(lane, new PriorityQueue<>(Entry.FIRST_DUE));
    }
  }

  /** Puts a delivery in, to be worked on anew after a pause. */
  void add(Delivery delivery, Duration pause, long nowNanos) {
    long due = nowNanos + pause.toNanos() + size * SPACING.toNanos();
    queue(delivery.assignment().lane()).add(new Entry(delivery, due, joined++));
    size++;
    bytes += sizeOf(delivery.record());
  }

  /**
   * Takes out one that is due, of the most urgent lane first.
   *
   * @param wanted those that are not are dropped when they come first
   * @param tryTake takes a place in flight for a lane
   * @return null when none is due, or there is no place for any
   */
  @Nullable Delivery next(Predicate<Delivery> wanted, Predicate<Lane> tryTake, long nowNanos) {
    for (Map.Entry<Lane, PriorityQueue<Entry>> each : byLane.entrySet()) {
      PriorityQueue<Entry> queue = each.getValue();
      dropUnwanted(queue, wanted);
      Entry first = queue.peek();
      if (first != null && first.isDue(nowNanos) && tryTake.test(each.getKey())) {
        return remove(queue);
      }
    }
    return null;
  }

  /** Whether nothing new should be begun. */
  boolean full() {
    return size >= MAX || bytes >= MAX_BYTES;
  }

  int size() {
    return size;
  }

  private void dropUnwanted(PriorityQueue<Entry> queue, Predicate<Delivery> wanted) {
    for (Entry first = queue.peek();
        first != null && !wanted.test(first.delivery());
        first = queue.peek()) {
      var unused = remove(queue);
    }
  }

  private Delivery remove(PriorityQueue<Entry> queue) {
    Delivery delivery = queue.remove().delivery();
    size--;
    bytes -= sizeOf(delivery.record());
    return delivery;
  }

  private PriorityQueue<Entry> queue(Lane lane) {
    return Objects.requireNonNull(byLane.get(lane));
  }

  private static long sizeOf(ConsumerRecord<byte[], byte[]> record) {
    return record.value() == null ? 0 : record.value().length;
  }

  /** One that waits; its time is that of {@link System#nanoTime}. */
  private record Entry(Delivery delivery, long dueNanos, long number) {

    /** Times are compared by their difference, because they may overflow. */
    static final Comparator<Entry> FIRST_DUE =
        ((Comparator<Entry>) (a, b) -> Long.signum(a.dueNanos - b.dueNanos))
            .thenComparingLong(Entry::number);

    boolean isDue(long nowNanos) {
      return dueNanos - nowNanos <= 0;
    }
  }
}
