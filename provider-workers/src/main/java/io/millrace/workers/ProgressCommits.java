package io.millrace.workers;

import io.millrace.workers.offset.Commit;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits what is done, marks included. Owned by the poll thread. */
final class ProgressCommits {

  private static final Logger LOG = LoggerFactory.getLogger(ProgressCommits.class);
  private static final Duration SYNC_TIMEOUT = Duration.ofSeconds(10);

  private final Consumer<byte[], byte[]> consumer;
  private final long intervalNanos;
  private final TimeSource time;
  private final WorkerMeters meters;
  private final java.util.function.Consumer<Throwable> onFatal;
  private boolean underWay;
  private long lastNanos;

  ProgressCommits(
      Consumer<byte[], byte[]> consumer,
      Duration interval,
      TimeSource time,
      WorkerMeters meters,
      java.util.function.Consumer<Throwable> onFatal) {
    this.consumer = consumer;
    this.intervalNanos = interval.toNanos();
    this.time = time;
    this.meters = meters;
    this.onFatal = onFatal;
    this.lastNanos = time.nanoTime() - intervalNanos;
  }

  /** Commits without waiting, unless a commit is under way or it is too early for the next. */
  void commitIfDue(Collection<Assignment> assignments) {
    long now = time.nanoTime();
    if (underWay || now - lastNanos < intervalNanos) {
      return;
    }
    List<Assignment> progressed = progressed(assignments);
    if (!progressed.isEmpty()) {
      underWay = true;
      lastNanos = now;
      consumer.commitAsync(offsets(progressed), (offsets, e) -> onCommitted(progressed, e));
    }
  }

  /** Commits and waits; a failure is logged, for then the next owner repeats a little. */
  void commitNow(Collection<Assignment> assignments) {
    List<Assignment> progressed = progressed(assignments);
    if (progressed.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(offsets(progressed), SYNC_TIMEOUT);
      progressed.forEach(Assignment::committed);
    } catch (KafkaException e) {
      onFailed(progressed, e);
    }
  }

  private void onCommitted(List<Assignment> assignments, @Nullable Exception e) {
    underWay = false;
    if (e == null) {
      assignments.forEach(Assignment::committed);
    } else {
      onFailed(assignments, e);
    }
  }

  private void onFailed(List<Assignment> assignments, Exception e) {
    assignments.forEach(Assignment::commitFailed);
    meters.commitFailed();
    if (e instanceof OffsetMetadataTooLarge) {
      onFatal.accept(
          new IllegalStateException(
              "the broker refuses the size of commit metadata: set maxMetadataCharacters to the"
                  + " broker's offset.metadata.max.bytes",
              e));
    } else {
      LOG.warn("progress of {} could not be committed: {}", names(assignments), e.toString());
    }
  }

  private static List<Assignment> progressed(Collection<Assignment> assignments) {
    return assignments.stream().filter(Assignment::hasProgress).toList();
  }

  private static List<TopicPartition> names(List<Assignment> assignments) {
    return assignments.stream().map(Assignment::partition).toList();
  }

  private static Map<TopicPartition, OffsetAndMetadata> offsets(List<Assignment> assignments) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (Assignment assignment : assignments) {
      Commit commit = assignment.commit();
      offsets.put(
          assignment.partition(), new OffsetAndMetadata(commit.offset(), commit.metadata()));
    }
    return offsets;
  }
}
