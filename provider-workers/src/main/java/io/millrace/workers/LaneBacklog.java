package io.millrace.workers;

import io.millrace.schemas.avro.Lane;
import io.millrace.workers.Backlog.Waiting;
import io.millrace.workers.lane.LaneScheduler;
import io.millrace.workers.lane.Shares;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What of a lane was read and waits to be begun; see {@link Backlog}. Owned by the poll thread. */
final class LaneBacklog {

  private final Lane lane;
  private final Shares shares;
  private final LaneScheduler<Waiting> scheduler;
  private final Postponed postponed;

  /** Partitions with records that were read, and are neither held nor left; the next one first. */
  private final Deque<Assignment> unread = new ArrayDeque<>();

  /** Partitions with records that were left in the topic; the next one to hold some first. */
  private final Set<Assignment> behind = new LinkedHashSet<>();

  /** Whether nobody could make room when it was asked for last, and there was little since. */
  private boolean tight;

  /** How many of those held stand in lines of models. */
  private int returned;

  LaneBacklog(Lane lane, Shares shares, LaneScheduler<Waiting> scheduler, Postponed postponed) {
    this.postponed = postponed;
    this.lane = lane;
    this.shares = shares;
    this.scheduler = scheduler;
  }

  void read(Assignment assignment) {
    unread.addLast(assignment);
  }

  /**
   * Holds what there is room for, partitions by turns.
   *
   * @param makesRoom whether tenants give back what they hold beyond their share, if need be
   * @return how many partitions are held back because their marks might not fit into a commit
   */
  int hold(boolean makesRoom) {
    List<Assignment> heldBack = new ArrayList<>(0);
    while (!unread.isEmpty() && (shares.hasRoom() || (makesRoom && makeRoom()))) {
      Assignment next = unread.removeFirst();
      if (!passOn(next)) {
        heldBack.add(next);
      } else if (next.hasUnread()) {
        unread.addLast(next);
      }
    }
    unread.addAll(heldBack);
    return heldBack.size();
  }

  /** Adds the partitions whose left records are to be read again. */
  void plan(List<Assignment> wanted) {
    for (Assignment assignment : behind) {
      Shares ofPartition = assignment.shares();
      assignment
          .left()
          .plan(
              tenant ->
                  shares.hasRoom()
                      && shares.runsLow(tenant)
                      && ofPartition.runsLow(tenant)
                      && postponed.runsLow(lane, tenant),
              tenant -> mayHold(tenant, assignment));
      if (assignment.left().wantsRecords()) {
        wanted.add(assignment);
      }
    }
  }

  /** Holds what was read again. The partitions that had their turn come last the next time. */
  void holdAgain() {
    for (Assignment assignment : List.copyOf(behind)) {
      int before = shares.items();
      assignment.left().goThrough(new Shelf(assignment));
      if (assignment.left().isEmpty()) {
        behind.remove(assignment);
      } else if (shares.items() > before) {
        behind.remove(assignment);
        behind.add(assignment);
      }
    }
  }

  /** Leaves a record in the topic that was begun; false when that cannot be. */
  boolean setAside(Delivery delivery, String model) {
    Assignment assignment = delivery.assignment();
    boolean gone = assignment.setAside(delivery.record().offset(), model, delivery.setback());
    if (gone) {
      behind.add(assignment);
    }
    return gone;
  }

  void letGo(Waiting waiting) {
    returned -= SetAside.isLine(waiting.tenant()) ? 1 : 0;
    shares.letGo(waiting.tenant(), ReadAhead.bytes(waiting.record()));
    waiting.assignment().shares().letGo(waiting.tenant(), 0);
    tight = tight && !shares.hasRoomAgain();
  }

  void forget(Assignment assignment) {
    unread.remove(assignment);
    behind.remove(assignment);
    scheduler.removeIf(lane, waiting -> waiting.assignment() == assignment && let(waiting));
  }

  boolean wantsMore() {
    return shares.hasRoom() || !tight;
  }

  /** Whether there is nothing to hurry for: what is left here waits for models, if anything is. */
  boolean isEmpty() {
    return unread.isEmpty() && behind.stream().allMatch(each -> each.left().rests(this::isWaiting));
  }

  private boolean isWaiting(String lineOrTenant) {
    return SetAside.isLine(lineOrTenant) && !postponed.runsLow(lane, lineOrTenant);
  }

  int behind() {
    return behind.size();
  }

  int returned() {
    return returned;
  }

  boolean isBehind(Assignment assignment) {
    return behind.contains(assignment);
  }

  /** Holds or leaves the next record of a partition; false when it has to wait. */
  private boolean passOn(Assignment assignment) {
    if (assignment.nextIsDone()) {
      if (!assignment.mayTakeNext()) {
        return false;
      }
    } else {
      String tenant = assignment.nextTenant();
      if (hasLeft(tenant) || (!behind.isEmpty() && !mayHold(tenant, assignment))) {
        return leaveNext(tenant, assignment);
      }
      if (!assignment.mayTakeNext()) {
        return !assignment.shares().hasRoom() && makeRoom() && leaveNext(tenant, assignment);
      }
    }
    ConsumerRecord<byte[], byte[]> record = assignment.takeNext();
    if (record != null) {
      hold(Backlog.tenantOf(record.key()), assignment, record);
    }
    return true;
  }

  /** Whether a tenant has left records: they come first, and in their partition they must. */
  private boolean hasLeft(String tenant) {
    for (Assignment assignment : behind) {
      if (assignment.left().has(tenant)) {
        return true;
      }
    }
    return false;
  }

  private boolean leaveNext(String tenant, Assignment assignment) {
    boolean gone = assignment.leaveNext(tenant);
    if (gone) {
      behind.add(assignment);
    }
    return gone;
  }

  private void hold(String tenant, Assignment assignment, ConsumerRecord<byte[], byte[]> record) {
    returned += SetAside.isLine(tenant) ? 1 : 0;
    shares.hold(tenant, ReadAhead.bytes(record));
    assignment.shares().hold(tenant, 0);
    scheduler.add(lane, tenant, new Waiting(assignment, tenant, record));
  }

  /** Whether a tenant may hold one more, now that records are left. */
  private boolean mayHold(String tenant, Assignment assignment) {
    return shares.hasRoom()
        && shares.allows(tenant)
        && assignment.shares().allows(tenant)
        && postponed.mayReturn(lane, tenant);
  }

  /** Has each tenant give back what it holds beyond its share; false when nobody has so much. */
  private boolean makeRoom() {
    if (tight) {
      return false;
    }
    int before = shares.items();
    Shed shed = new Shed(shares.itemsEach(), shares.bytesEach(), new HashMap<>());
    scheduler.trim(lane, tenant -> new Excess(shed));
    tight = shares.items() == before;
    return !tight;
  }

  private boolean let(Waiting waiting) {
    letGo(waiting);
    return true;
  }

  /**
   * What each tenant may keep.
   *
   * @param ofPartitions how many records of a partition, filled as partitions are met
   */
  private record Shed(int items, long bytes, Map<Assignment, Integer> ofPartitions) {

    int items(Assignment assignment) {
      return ofPartitions.computeIfAbsent(assignment, each -> each.shares().itemsEach());
    }
  }

  /**
   * What a tenant holds beyond its share; gives it back. Once something of a partition is too much,
   * so is all that follows of it, so the order is kept.
   */
  private final class Excess implements Predicate<Waiting> {

    private final Shed shed;
    private final Map<Assignment, Integer> kept = new HashMap<>();
    private int items;
    private long bytes;

    Excess(Shed shed) {
      this.shed = shed;
    }

    @Override
    public boolean test(Waiting waiting) {
      Assignment assignment = waiting.assignment();
      int most = shed.items(assignment);
      int ofPartition = kept.getOrDefault(assignment, 0);
      boolean fits = items < shed.items() && bytes < shed.bytes() && ofPartition < most;
      if (items == 0 || fits || !assignment.left().mayAdd(waiting.tenant())) {
        items++;
        bytes += ReadAhead.bytes(waiting.record());
        kept.put(assignment, ofPartition + 1);
        return false;
      }
      letGo(waiting);
      assignment.giveBack(waiting.tenant(), waiting.record().offset());
      behind.add(assignment);
      return true;
    }
  }

  /** Where records of a partition go that were read again. */
  private final class Shelf implements LeftBehind.Shelf {

    private final Assignment assignment;

    Shelf(Assignment assignment) {
      this.assignment = assignment;
    }

    @Override
    public boolean hasRoomFor(String tenant) {
      return mayHold(tenant, assignment);
    }

    @Override
    public void hold(String tenant, ConsumerRecord<byte[], byte[]> record) {
      LaneBacklog.this.hold(tenant, assignment, record);
    }
  }
}
