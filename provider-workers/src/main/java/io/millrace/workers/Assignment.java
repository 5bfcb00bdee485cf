package io.millrace.workers;

import io.millrace.schemas.avro.Lane;
import io.millrace.workers.offset.Commit;
import io.millrace.workers.offset.OffsetTracker;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One partition while it belongs to this worker: what was read and not begun, what is running, what
 * is done. Owned by the poll thread.
 */
final class Assignment {

  private final TopicPartition partition;
  private final Lane lane;
  private final Deque<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
  private final OffsetTracker tracker;
  private long readTo;
  private int running;
  private boolean paused;

  Assignment(TopicPartition partition, Lane lane, Commit committed, int maxMetadataCharacters) {
    this.partition = partition;
    this.lane = lane;
    this.tracker = OffsetTracker.resume(committed, maxMetadataCharacters);
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
    waiting.addAll(records);
  }

  /** Says up to where the consumer has read. */
  void readTo(long offset) {
    readTo = Math.max(readTo, offset);
  }

  /** Whether the log starts anew behind what is known of it (the topic was made again). */
  boolean isBehind(long offset) {
    return offset < tracker.position();
  }

  boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  /** Whether the next record may be begun without the marks becoming too long. */
  boolean mayBeginNext() {
    ConsumerRecord<byte[], byte[]> next = waiting.peekFirst();
    return next != null && tracker.canTake(next.offset());
  }

  /** Takes the next record off; null when it is done already. */
  @Nullable ConsumerRecord<byte[], byte[]> takeNext() {
    ConsumerRecord<byte[], byte[]> next = waiting.removeFirst();
    if (!tracker.take(next.offset())) {
      return null;
    }
    running++;
    return next;
  }

  /** Says that a record that was taken has come to its end. */
  void ended(long offset, boolean done) {
    running--;
    if (done) {
      tracker.complete(offset);
    }
  }

  /** Says that a record has come to its end after the partition was given away. */
  void leftRunning() {
    running--;
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

  /** Forgets records that were not begun: somebody else will read them. */
  void dropWaiting() {
    waiting.clear();
  }

  boolean hasProgress() {
    if (waiting.isEmpty()) {
      tracker.skipTo(readTo);
    }
    return tracker.hasProgress();
  }

  Commit commit() {
    return tracker.commit();
  }

  void commitFailed() {
    tracker.commitFailed();
  }
}
