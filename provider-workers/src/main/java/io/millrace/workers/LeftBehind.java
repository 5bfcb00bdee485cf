package io.millrace.workers;

import io.millrace.workers.offset.OffsetTracker;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The records of a partition that were read and left in the topic, because their tenants hold their
 * share; and the second reading that gets them. The tracker knows which offsets are left; here is
 * known of each tenant in what range its own are. When tenants run low, the partition is read again
 * from the first that is wanted. A tenant that has enough drops out, and its range begins there.
 *
 * <p>Records of a tenant come in order, for its range begins at or before the first of them, and a
 * reading that takes some begins there or before. Lines of models ({@link SetAside}) are treated as
 * tenants are; their records may come back out of order. What is left is never given up: only a
 * record that was taken, or a place that was read again and had no record, ends it. Owned by the
 * poll thread.
 */
final class LeftBehind {

  /** After so many records it is asked again who runs low, so none waits for another's reading. */
  private static final int LONGEST_READING = 10_000;

  private final OffsetTracker tracker;
  private final SetAside aside;
  private final LeftRanges ranges = new LeftRanges();

  /** Read again, and not gone through yet. */
  private final Deque<ConsumerRecord<byte[], byte[]>> records = new ArrayDeque<>();

  /** Those of whom this reading takes records. */
  private final Set<String> wanted = new HashSet<>();

  /** Those of them for whom it goes on. */
  private final Set<String> low = new HashSet<>();

  /** Everything before this was gone through, by this reading or the last. */
  private long at = -1;

  /** Up to where the reading's consumer has read. */
  private long readTo = -1;

  private int readings;

  /** How many records this reading has looked at. */
  private int looked;

  /** Whether nothing is left that is in no range. */
  private boolean swept = true;

  private boolean abandoned;

  LeftBehind(OffsetTracker tracker, SetAside aside) {
    this.tracker = tracker;
    this.aside = aside;
  }

  boolean isEmpty() {
    return ranges.isEmpty() && swept;
  }

  /** Whether nothing is being read, and all who have left records here wait for something else. */
  boolean rests(Predicate<String> waits) {
    return ranges.isEmpty() ? swept : low.isEmpty() && ranges.areAll(waits);
  }

  /** Whether a tenant has left records here; then those that follow are left too. */
  boolean has(String tenant) {
    return ranges.has(tenant);
  }

  /** Whether one more of a tenant may be left. */
  boolean mayAdd(String tenant) {
    return ranges.mayAdd(tenant);
  }

  /** Says that the next record was left, with what does not exist before it. */
  void add(String tenant, long first, long offset) {
    ranges.add(tenant, first, offset);
  }

  /** Says that a record was given back that had been taken. Ends the reading: it may be past it. */
  void addAgain(String tenant, long offset) {
    end();
    ranges.addAnywhere(tenant, offset);
  }

  /**
   * Begins a reading when there is none and somebody runs low.
   *
   * @param runsLow who needs one
   * @param mayHold who would use one that is made
   */
  void plan(Predicate<String> runsLow, Predicate<String> mayHold) {
    if (!low.isEmpty()) {
      return;
    }
    ranges.addThose(runsLow, 0, low);
    if (low.isEmpty()) {
      return;
    }
    long from = ranges.firstOf(low);
    wanted.addAll(low);
    ranges.addThose(mayHold, from, wanted);
    looked = 0;
    beginAt(Math.max(from, tracker.low()));
  }

  /** Whether records are to be read, from {@link #at()} on if this reading is a new one. */
  boolean wantsRecords() {
    return !low.isEmpty() && records.isEmpty();
  }

  /** Changes when the consumer has to go to {@link #at()}, wherever it is. */
  int reading() {
    return readings;
  }

  long at() {
    return at;
  }

  /** Adds what was read again. */
  void read(List<ConsumerRecord<byte[], byte[]>> more, long upTo) {
    records.addAll(more);
    readTo = Math.max(readTo, upTo);
  }

  /** Goes through what was read again. */
  void goThrough(Shelf shelf) {
    if (abandoned) {
      return;
    }
    while (!low.isEmpty() && !records.isEmpty()) {
      ConsumerRecord<byte[], byte[]> next = records.getFirst();
      if (next.offset() >= at && !(passTo(next.offset()) && look(next, shelf))) {
        break;
      }
      records.removeFirst();
      if (++looked >= LONGEST_READING) {
        end();
      }
    }
    if (records.isEmpty() && !low.isEmpty()) {
      passTo(readTo);
    }
    settle();
  }

  /** Forgets everything: the partition leaves. What was left stays open for its next owner. */
  void abandon() {
    abandoned = true;
    clear();
  }

  private void clear() {
    end();
    ranges.clear();
    records.clear();
    at = -1;
  }

  private void beginAt(long offset) {
    if (offset != at) {
      records.clear();
      at = offset;
      readTo = offset;
      readings++;
    }
  }

  /**
   * Notes that there are no records up to an offset. Ends the reading when that has to wait, or the
   * offset is none that was read before.
   */
  private boolean passTo(long offset) {
    long to = Math.min(offset, tracker.position());
    if (to > at) {
      at = tracker.forget(at, to);
    }
    if (at < offset || offset == tracker.position()) {
      end();
      return false;
    }
    return true;
  }

  /** Looks at one record; false when the reading ends before it. */
  private boolean look(ConsumerRecord<byte[], byte[]> record, Shelf shelf) {
    String tenant = aside.lineOf(record.offset(), record.key());
    if (tracker.isLeft(record.offset()) && wanted.contains(tenant)) {
      if (!shelf.hasRoomFor(tenant)) {
        drop(tenant);
        if (low.isEmpty()) {
          return false;
        }
      } else if (tracker.canTake(record.offset())) {
        tracker.takeLeft(record.offset());
        shelf.hold(tenant, record);
      } else {
        end();
        return false;
      }
    }
    at = record.offset() + 1;
    return true;
  }

  /** The tenant has enough: its range begins at the record that is looked at. */
  private void drop(String tenant) {
    ranges.beginAt(tenant, at);
    wanted.remove(tenant);
    low.remove(tenant);
  }

  /** Ends a reading. What it has gone through, it has gone through for all that are wanted. */
  private void end() {
    moveOn();
    wanted.clear();
    low.clear();
  }

  private void settle() {
    moveOn();
    if (low.isEmpty()) {
      wanted.clear();
    }
    if (ranges.isEmpty()) {
      clear();
      swept = tracker.forget(tracker.low(), tracker.position()) == tracker.position();
    }
  }

  private void moveOn() {
    for (String tenant : List.copyOf(wanted)) {
      if (ranges.endUpTo(tenant, at)) {
        wanted.remove(tenant);
        low.remove(tenant);
      }
    }
  }

  /** Where records go that are taken. */
  interface Shelf {

    boolean hasRoomFor(String tenant);

    void hold(String tenant, ConsumerRecord<byte[], byte[]> record);
  }
}
