package io.millrace.workers;

import io.millrace.schemas.avro.Lane;
import io.millrace.workers.lane.LaneScheduler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What was read and waits to be begun, over all partitions: first in its partition, in the order
 * read, until there is room for it; then held, where lanes and tenants take turns. When a lane has
 * no more room, tenants that hold more than their share leave the rest in the topic, and reading
 * goes on. Owned by the poll thread.
 */
final class Backlog {

  /** Whose a record is that has no key, or one that names no tenant. */
  private static final String NOBODY = "";

  private final LaneScheduler<Waiting> scheduler = new LaneScheduler<>();
  private final Map<Lane, LaneBacklog> lanes = new EnumMap<>(Lane.class);
  private final Postponed postponed;

  /** Waits for places in flight, beside what was begun and has to wait. */
  Backlog(ReadAhead readAhead, Postponed postponed) {
    this.postponed = postponed;
    for (Lane lane : Lane.values()) {
      lanes.put(lane, new LaneBacklog(lane, readAhead.of(lane), scheduler, postponed));
    }
  }

  /**
   * Keeps a delivery until it is to be worked on anew: in memory, or in the topic where enough of
   * its model are kept in memory.
   *
   * @param owned whether its partition is still the one it was read from; if not, it is its next
   *     owner's
   */
  void postpone(Delivery delivery, Ending.Postponed how, boolean owned, long nowNanos) {
    if (!owned) {
      return;
    }
    Lane lane = delivery.assignment().lane();
    boolean allowed = postponed.allows(lane, how.model());
    if (allowed || !of(lane).setAside(delivery, how.model())) {
      postponed.add(delivery, how.model(), how.pause(), !allowed, nowNanos);
    }
  }

  /** Says that records of a partition were read, that had none before. */
  void read(Assignment assignment) {
    of(assignment.lane()).read(assignment);
  }

  /** Holds what there is room for, partitions of a lane by turns. */
  void fill() {
    lanes.values().forEach(lane -> lane.hold(false));
  }

  /**
   * Holds what there is room for, and makes room where some hold more than their share.
   *
   * @return how many partitions are held back because their marks might not fit into a commit
   */
  int hold() {
    return lanes.values().stream().mapToInt(lane -> lane.hold(true)).sum();
  }

  /** The partitions with records that were left in the topic and are wanted now. */
  List<Assignment> wanted() {
    List<Assignment> wanted = new ArrayList<>(0);
    lanes.values().forEach(lane -> lane.plan(wanted));
    return wanted;
  }

  /** Whether a partition has records that were left in the topic. */
  boolean isBehind(Assignment assignment) {
    return of(assignment.lane()).isBehind(assignment);
  }

  /** Holds what was read again. */
  void holdAgain() {
    lanes.values().forEach(LaneBacklog::holdAgain);
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
      of(next.assignment().lane()).letGo(next);
    }
    return next;
  }

  /** Forgets all records of a partition, those that are postponed among them. */
  void forget(Assignment assignment) {
    of(assignment.lane()).forget(assignment);
    postponed.forget(assignment);
  }

  /** Whether more of a partition may be read. */
  boolean wantsMore(Assignment assignment) {
    return !assignment.hasUnread() && of(assignment.lane()).wantsMore();
  }

  /** Whether there is nothing to hurry for; what waits for a dead model may be left. */
  boolean isEmpty() {
    return scheduler.isEmpty() && lanes.values().stream().allMatch(LaneBacklog::isEmpty);
  }

  /** How many records of a lane are held. */
  int waiting(Lane lane) {
    return scheduler.waiting(lane);
  }

  /** How many tenants the records of a lane that are held belong to. */
  int tenants(Lane lane) {
    return scheduler.tenants(lane);
  }

  /** How many partitions of a lane have records that were read and left in the topic. */
  int behind(Lane lane) {
    return of(lane).behind();
  }

  /** How many records are held over all lanes. */
  int waiting() {
    return lanes.keySet().stream().mapToInt(this::waiting).sum();
  }

  /** How many of them were set aside and have come back. */
  int returned() {
    return lanes.values().stream().mapToInt(LaneBacklog::returned).sum();
  }

  private LaneBacklog of(Lane lane) {
    return Objects.requireNonNull(lanes.get(lane));
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
  record Waiting(Assignment assignment, String tenant, ConsumerRecord<byte[], byte[]> record) {}
}
