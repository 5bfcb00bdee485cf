package io.millrace.workers;

import io.millrace.schemas.avro.Lane;
import io.millrace.workers.lane.Shares;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries whose model may not be called now, until they are due again. They have no place in
 * flight, so a dead model takes none from the others; and the room of a lane is shared by models
 * ({@link Shares}), so of {@code n} dead ones each has {@code 1 / (n + 1)} at most and one that is
 * alive finds room, too. Owned by the poll thread.
 */
final class Postponed {

  /** So many of a lane are enough: what else it has waits where it is. */
  static final int MAX = 10_000;

  /** The same for the size of their records, in bytes. */
  static final long MAX_BYTES = 16L * 1024 * 1024;

  /** Those of a model are due so far apart: a crowd comes back bit by bit, and stays apart. */
  static final Duration SPACING = Duration.ofMillis(1);

  private final Map<Lane, Line> lines = new EnumMap<>(Lane.class);
  private long joined;

  Postponed() {
    this(MAX, MAX_BYTES);
  }

  /** With other bounds for each lane. */
  Postponed(int max, long maxBytes) {
    for (Lane lane : Lane.values()) {
      lines.put(lane, new Line(new Shares(max, maxBytes)));
    }
  }

  /**
   * Puts a delivery in, to be worked on anew after a pause.
   *
   * @param forced whether there is no room for it, and it can be nowhere else
   */
  void add(Delivery delivery, String model, Duration pause, boolean forced, long nowNanos) {
    Line line = line(delivery.assignment().lane());
    long due = line.dueNanos(model, nowNanos + pause.toNanos());
    line.add(new Entry(delivery, model, due, joined++, forced));
  }

  /** Forgets all of a partition that has left. */
  void forget(Assignment assignment) {
    line(assignment.lane()).removeAll(assignment);
  }

  /**
   * Takes out one that is due, of the most urgent lane first.
   *
   * @param wanted those that are not are dropped when they come first
   * @param tryTake takes a place in flight for a lane
   * @return null when none is due, or there is no place for any
   */
  @Nullable Delivery next(Predicate<Delivery> wanted, Predicate<Lane> tryTake, long nowNanos) {
    for (Map.Entry<Lane, Line> each : lines.entrySet()) {
      Line line = each.getValue();
      line.dropUnwanted(wanted);
      Entry first = line.queue.peek();
      if (first != null && first.isDue(nowNanos) && tryTake.test(each.getKey())) {
        return line.remove();
      }
    }
    return null;
  }

  /**
   * Whether nothing new of a lane should be begun: there is no room, and some are here that could
   * not go back to the topic. While all others can, a full line stops nobody.
   */
  boolean full(Lane lane) {
    return line(lane).forced > 0 && !line(lane).models.hasRoom();
  }

  /**
   * Whether one more of a model may be postponed here. A tenth of the room stays free, but for the
   * first of each model: so what was set aside of one that lives again comes back, however many
   * others are dead.
   */
  boolean allows(Lane lane, String model) {
    Shares models = line(lane).models;
    return models.has(model) ? models.hasRoomAgain() && models.allows(model) : models.hasRoom();
  }

  /** Whether a line of a model, see {@link SetAside}, may send one more; a tenant always may. */
  boolean mayReturn(Lane lane, String lineOrTenant) {
    return !SetAside.isLine(lineOrTenant) || allows(lane, SetAside.modelOf(lineOrTenant));
  }

  /** Whether such a line should send more: less than half of what may be postponed is. */
  boolean runsLow(Lane lane, String lineOrTenant) {
    return !SetAside.isLine(lineOrTenant)
        || (mayReturn(lane, lineOrTenant)
            && line(lane).models.runsLow(SetAside.modelOf(lineOrTenant)));
  }

  int size() {
    return lines.values().stream().mapToInt(line -> line.queue.size()).sum();
  }

  private Line line(Lane lane) {
    return Objects.requireNonNull(lines.get(lane));
  }

  private static long sizeOf(ConsumerRecord<byte[], byte[]> record) {
    return record.value() == null ? 0 : record.value().length;
  }

  /** Those of a lane, by when they are due. */
  private static final class Line {

    private final PriorityQueue<Entry> queue = new PriorityQueue<>(Entry.FIRST_DUE);
    private final Map<String, Long> lastDueNanos = new HashMap<>();
    private final Shares models;
    private int forced;

    Line(Shares models) {
      this.models = models;
    }

    /**
     * When one more of a model is due: as asked, or after the last of its model. Never by more than
     * all of its model take that are here: the last one may have had a far longer pause.
     */
    long dueNanos(String model, long askedNanos) {
      Long last = lastDueNanos.get(model);
      long spacing = SPACING.toNanos();
      long later = last == null ? 0 : last + spacing - askedNanos;
      return askedNanos + Math.clamp(later, 0, models.items(model) * spacing);
    }

    void add(Entry entry) {
      queue.add(entry);
      models.hold(entry.model(), sizeOf(entry.delivery().record()));
      lastDueNanos.put(entry.model(), entry.dueNanos());
      forced += entry.forced() ? 1 : 0;
    }

    Delivery remove() {
      Entry first = queue.remove();
      letGo(first);
      return first.delivery();
    }

    void removeAll(Assignment assignment) {
      queue.removeIf(entry -> entry.delivery().assignment() == assignment && let(entry));
    }

    private boolean let(Entry entry) {
      letGo(entry);
      return true;
    }

    private void letGo(Entry entry) {
      models.letGo(entry.model(), sizeOf(entry.delivery().record()));
      forced -= entry.forced() ? 1 : 0;
      if (!models.has(entry.model())) {
        lastDueNanos.remove(entry.model());
      }
    }

    void dropUnwanted(Predicate<Delivery> wanted) {
      for (Entry first = queue.peek();
          first != null && !wanted.test(first.delivery());
          first = queue.peek()) {
        var unused = remove();
      }
    }
  }

  /** One that waits; its time is that of {@link System#nanoTime}. */
  private record Entry(
      Delivery delivery, String model, long dueNanos, long number, boolean forced) {

    /** Times are compared by their difference, because they may overflow. */
    static final Comparator<Entry> FIRST_DUE =
        ((Comparator<Entry>) (a, b) -> Long.signum(a.dueNanos - b.dueNanos))
            .thenComparingLong(Entry::number);

    boolean isDue(long nowNanos) {
      return dueNanos - nowNanos <= 0;
    }
  }
}
