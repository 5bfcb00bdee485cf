package io.millrace.workers;

import io.millrace.schemas.avro.Lane;
import io.millrace.workers.lane.LaneScheduler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What was read and waits to be begun, over all partitions: first in its partition, in the order
 * read, until there is room for it; then held, where lanes and tenants take turns. Owned by the
 * poll thread.
 */
final class Backlog {

  /** Whose a record is that has no key, or one that names no tenant. */
  private static final String NOBODY = "";

  private final LaneScheduler<Waiting> scheduler = new LaneScheduler<>();
  private final ReadAhead readAhead;

  /** Partitions with records that were read and are not held, by lane; the next one first. */
  private final Map<Lane, Deque<Assignment>> unread = new EnumMap<>(Lane.class);

  Backlog(ReadAhead readAhead) {
    this.readAhead = readAhead;
    for (Lane lane : Lane.values()) {
      unread.put(lane, new ArrayDeque<>());
    }
  }

  /** Says that records of a partition were read, that had none before. */
  void read(Assignment assignment) {
    unreadIn(assignment.lane()).addLast(assignment);
  }

  /**
   * Holds what there is room for, partitions of a lane by turns.
   *
   * @return how many partitions are held back because their marks might not fit into a commit
   */
  int hold() {
    int heldBack = 0;
    for (Lane lane : Lane.values()) {
      heldBack += hold(lane);
    }
    return heldBack;
  }

  /**
   * Takes out the record whose turn it is.
   *
   * @param tryTake takes a place in flight for a lane
   * @return null when nothing is held, or there is no place for it
   */
  @Nullable Waiting next(Predicate<Lane> tryTake) {
    Waiting next = scheduler.next(tryTake);
    if (next != null) {
      readAhead.letGo(next.assignment().lane(), next.record());
    }
    return next;
  }

  /** Forgets all records of a partition. */
  void forget(Assignment assignment) {
    unreadIn(assignment.lane()).remove(assignment);
    scheduler.removeIf(
        assignment.lane(),
        waiting -> {
          boolean gone = waiting.assignment() == assignment;
          if (gone) {
            readAhead.letGo(assignment.lane(), waiting.record());
          }
          return gone;
        });
  }

  /** Whether more of a partition may be read. */
  boolean wantsMore(Assignment assignment) {
    return !assignment.hasUnread() && readAhead.hasRoom(assignment.lane());
  }

  boolean isEmpty() {
    return scheduler.isEmpty() && unread.values().stream().allMatch(Deque::isEmpty);
  }

  /** How many records of a lane are held. */
  int waiting(Lane lane) {
    return scheduler.waiting(lane);
  }

  /** How many tenants the records of a lane that are held belong to. */
  int tenants(Lane lane) {
    return scheduler.tenants(lane);
  }

  private int hold(Lane lane) {
    Deque<Assignment> turns = unreadIn(lane);
    List<Assignment> heldBack = new ArrayList<>(0);
    while (!turns.isEmpty() && readAhead.hasRoom(lane)) {
      Assignment next = turns.removeFirst();
      if (!next.mayTakeNext()) {
        heldBack.add(next);
        continue;
      }
      hold(next);
      if (next.hasUnread()) {
        turns.addLast(next);
      }
    }
    turns.addAll(heldBack);
    return heldBack.size();
  }

  private void hold(Assignment assignment) {
    ConsumerRecord<byte[], byte[]> record = assignment.takeNext();
    if (record != null) {
      readAhead.hold(assignment.lane(), record);
      scheduler.add(assignment.lane(), tenantOf(record.key()), new Waiting(assignment, record));
    }
  }

  private Deque<Assignment> unreadIn(Lane lane) {
    return Objects.requireNonNull(unread.get(lane));
  }

  /** A dispatch's key is its exchange's id, which is the tenant, a slash, and the request's id. */
  static String tenantOf(byte @Nullable [] key) {
    if (key == null) {
      return NOBODY;
    }
    int end = 0;
    while (end < key.length && key[end] != '/') {
      end++;
    }
    return end == key.length ? NOBODY : new String(key, 0, end, StandardCharsets.UTF_8);
  }

  /**
   * A record that waits.
   *
   * @param assignment its partition, as it was when it was read
   */
  record Waiting(Assignment assignment, ConsumerRecord<byte[], byte[]> record) {}
}
