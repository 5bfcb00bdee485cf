package io.millrace.workers;

import io.millrace.schemas.avro.Lane;
import io.millrace.workers.Ending.Setback;
import io.millrace.workers.lane.Shares;
import io.millrace.workers.offset.Commit;
import io.millrace.workers.offset.OffsetTracker;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One partition while it belongs to this worker: what was read and not taken, what is running, what
 * is done. Records are taken in order, but for those that were left in the topic, and begun in any
 * order. Owned by the poll thread.
 */
final class Assignment {

  private final TopicPartition partition;
  private final Lane lane;
  private final InFlightLimit limit;
  private final Deque<ConsumerRecord<byte[], byte[]>> unread = new ArrayDeque<>();
  private final OffsetTracker tracker;
  private final SetAside aside = new SetAside();
  private final LeftBehind left;

  /**
   * What tenants hold of the records that were taken and not begun, each a byte of marks: half of
   * the marks at most, where records are left too.
   */
  private final Shares shares;

  private long readTo;
  private int running;
  private boolean paused;
  private boolean leaving;

  /** Places in flight that are given back by the next commit. */
  private int doneSinceCommit;

  /** Places in flight that are given back when the commit under way succeeds. */
  private int doneInCommit;

  Assignment(
      TopicPartition partition,
      Lane lane,
      Commit committed,
      InFlightLimit limit,
      int maxMetadataCharacters) {
    this.limit = limit;
    this.partition = partition;
    this.lane = lane;
    this.tracker = OffsetTracker.resume(committed, maxMetadataCharacters);
    this.left = new LeftBehind(tracker, aside);
    this.shares =
        new Shares(
            Math.max(1, OffsetTracker.marksBytes(maxMetadataCharacters) / 2), Long.MAX_VALUE / 4);
    this.readTo = committed.offset();
  }

  TopicPartition partition() {
    return partition;
  }

  Lane lane() {
    return lane;
  }

  /** Adds what a poll brought. */
  void add(List<ConsumerRecord<byte[], byte[]>> records) {
    if (!leaving) {
      unread.addAll(records);
    }
  }

  /** Says up to where the consumer has read. */
  void readTo(long offset) {
    readTo = Math.max(readTo, offset);
  }

  /** Whether the log starts anew behind what is known of it (the topic was made again). */
  boolean isBehind(long offset) {
    return offset < tracker.position();
  }

  /** Whether records were read that are not taken yet. */
  boolean hasUnread() {
    return !unread.isEmpty();
  }

  /** Whose the next record is. */
  String nextTenant() {
    return Backlog.tenantOf(unread.getFirst().key());
  }

  /** Whether the next record is done already; then {@link #takeNext} passes over it. */
  boolean nextIsDone() {
    return tracker.isDone(unread.getFirst().offset());
  }

  /** Leaves the next record in the topic, to be read again; false when it has to wait. */
  boolean leaveNext(String tenant) {
    long offset = unread.getFirst().offset();
    if (!left.mayAdd(tenant) || !tracker.canLeave(offset)) {
      return false;
    }
    unread.removeFirst();
    left.add(tenant, tracker.leave(offset), offset);
    return true;
  }

  /** Leaves a record that was taken and not begun. */
  void giveBack(String tenant, long offset) {
    tracker.giveBack(offset);
    left.addAgain(tenant, offset);
  }

  /**
   * Leaves a record in the topic that was begun and came to no end, in the line of its model; false
   * when that cannot be.
   */
  boolean setAside(long offset, String model, Setback setback) {
    String line = SetAside.line(model);
    if (leaving || !left.mayAdd(line) || !aside.add(offset, line, setback)) {
      return false;
    }
    giveBack(line, offset);
    return true;
  }

  /** How many records stand in lines of models. */
  int setAside() {
    return aside.size();
  }

  /** What was left in the topic. */
  LeftBehind left() {
    return left;
  }

  /** What tenants hold of it. */
  Shares shares() {
    return shares;
  }

  /** Whether the next record may be taken without the marks becoming too long. */
  boolean mayTakeNext() {
    ConsumerRecord<byte[], byte[]> next = unread.peekFirst();
    return next != null && tracker.canTake(next.offset());
  }

  /** Takes the next record, to be begun when its turn comes; null when it is done already. */
  @Nullable ConsumerRecord<byte[], byte[]> takeNext() {
    ConsumerRecord<byte[], byte[]> next = unread.removeFirst();
    return tracker.take(next.offset()) ? next : null;
  }

  /** Says that a record that was taken is begun, with a place in flight. */
  void begun() {
    running++;
  }

  /** The same of a record that comes from the backlog; says what it has behind it. */
  Setback begun(long offset) {
    begun();
    return aside.begun(offset);
  }

  /** Says that a record that was begun has come to its end. */
  void ended(long offset, boolean done) {
    running--;
    if (done) {
      tracker.complete(offset);
      doneSinceCommit++;
    } else {
      limit.release(lane, 1);
    }
  }

  /** Says that a record has come to its end after the partition was given away. */
  void endedAfterLeaving() {
    limit.release(lane, 1);
  }

  /** Gives back what waits for a commit that will not come: the partition belongs to another. */
  void leave() {
    unread.clear();
    left.abandon();
    aside.clear();
    limit.release(lane, doneSinceCommit + doneInCommit);
    doneSinceCommit = 0;
    doneInCommit = 0;
  }

  int running() {
    return running;
  }

  boolean paused() {
    return paused;
  }

  void paused(boolean now) {
    paused = now;
  }

  /**
   * Forgets records that were not taken, and takes no more: somebody else will read them. So from
   * here on what was read is no longer a measure of what is done. Those that were taken and not
   * begun stay open, so the commit leaves them to the next owner.
   */
  void stopTaking() {
    unread.clear();
    left.abandon();
    leaving = true;
  }

  boolean hasProgress() {
    if (unread.isEmpty() && !leaving) {
      tracker.skipTo(readTo);
    }
    return tracker.hasProgress();
  }

  /** What to commit; {@link #committed} or {@link #commitFailed} follows. */
  Commit commit() {
    doneInCommit += doneSinceCommit;
    doneSinceCommit = 0;
    aside.forgetBelow(tracker.low());
    return tracker.commit();
  }

  void committed() {
    limit.release(lane, doneInCommit);
    doneInCommit = 0;
  }

  void commitFailed() {
    doneSinceCommit += doneInCommit;
    doneInCommit = 0;
    tracker.commitFailed();
  }
}
