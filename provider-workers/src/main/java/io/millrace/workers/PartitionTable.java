package io.millrace.workers;

import io.millrace.schemas.avro.Lane;
import io.millrace.workers.offset.Commit;
import io.millrace.workers.offset.OffsetTracker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that belong to this worker. A new one stays paused until its progress has been
 * read from the group; one of which no more can be held is paused too. Owned by the poll thread.
 */
final class PartitionTable implements ConsumerRebalanceListener {

  private static final Logger LOG = LoggerFactory.getLogger(PartitionTable.class);
  private static final Duration COMMITTED_TIMEOUT = Duration.ofSeconds(5);

  private final Consumer<byte[], byte[]> consumer;
  private final Map<String, Lane> lanesByTopic;
  private final int maxMetadataCharacters;
  private final InFlightLimit limit;
  private final ProgressCommits commits;
  private final java.util.function.Consumer<Collection<Assignment>> settle;
  private final Map<TopicPartition, Assignment> assignments = new HashMap<>();
  private final Set<TopicPartition> unresolved = new HashSet<>();
  private final Backlog backlog;

  /**
   * An empty table.
   *
   * @param backlog takes what is read
   * @param settle waits a while for what is running in partitions that are about to leave
   */
  PartitionTable(
      Consumer<byte[], byte[]> consumer,
      Map<String, Lane> lanesByTopic,
      ProviderWorkersConfig config,
      InFlightLimit limit,
      ProgressCommits commits,
      Backlog backlog,
      java.util.function.Consumer<Collection<Assignment>> settle) {
    this.consumer = consumer;
    this.lanesByTopic = lanesByTopic;
    this.maxMetadataCharacters = config.maxMetadataCharacters();
    this.limit = limit;
    this.commits = commits;
    this.backlog = backlog;
    this.settle = settle;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> added) {
    consumer.pause(added);
    unresolved.addAll(added);
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> removed) {
    List<Assignment> leaving =
        removed.stream().map(assignments::get).filter(Objects::nonNull).toList();
    leaving.forEach(this::stopTaking);
    settle.accept(leaving);
    commits.commitNow(leaving);
    onPartitionsLost(removed);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> removed) {
    for (TopicPartition partition : removed) {
      unresolved.remove(partition);
      Assignment assignment = assignments.remove(partition);
      if (assignment != null) {
        leave(assignment);
      }
    }
  }

  /** Reads the progress of new partitions; tries again at the next turn when the group is away. */
  void resolveNew() {
    if (unresolved.isEmpty()) {
      return;
    }
    try {
      Set<TopicPartition> asked = Set.copyOf(unresolved);
      Map<TopicPartition, OffsetAndMetadata> committed =
          consumer.committed(asked, COMMITTED_TIMEOUT);
      asked.forEach(
          partition -> assignments.put(partition, resume(partition, committed.get(partition))));
      unresolved.removeAll(asked);
      consumer.resume(asked);
    } catch (RetriableException | StaleMemberEpochException e) {
      LOG.warn("cannot read the progress of {} yet: {}", unresolved, e.getMessage());
    }
  }

  boolean allResolved() {
    return unresolved.isEmpty();
  }

  /** Takes in what a poll brought. */
  void accept(ConsumerRecords<byte[], byte[]> polled) {
    for (TopicPartition partition : polled.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
      Assignment assignment = current(partition, records.getFirst().offset());
      boolean hadUnread = assignment.hasUnread();
      assignment.add(records);
      if (!hadUnread && assignment.hasUnread()) {
        backlog.read(assignment);
      }
    }
    polled
        .nextOffsets()
        .forEach(
            (partition, next) -> {
              Assignment assignment = assignments.get(partition);
              if (assignment != null) {
                assignment.readTo(next.offset());
              }
            });
  }

  /** Pauses partitions of which no more can be held, or all; resumes the others. */
  void pauseAndResume(boolean pauseAll) {
    List<TopicPartition> toPause = new ArrayList<>();
    List<TopicPartition> toResume = new ArrayList<>();
    for (Assignment assignment : assignments.values()) {
      boolean wanted = pauseAll || !backlog.wantsMore(assignment);
      if (wanted != assignment.paused()) {
        assignment.paused(wanted);
        (wanted ? toPause : toResume).add(assignment.partition());
      }
    }
    if (!toPause.isEmpty()) {
      consumer.pause(toPause);
    }
    if (!toResume.isEmpty()) {
      consumer.resume(toResume);
    }
  }

  /** Notes a record's end, unless its partition has left since. */
  void ended(Delivery delivery, boolean done) {
    Assignment assignment = delivery.assignment();
    if (owns(delivery)) {
      assignment.ended(delivery.record().offset(), done);
    } else {
      assignment.endedAfterLeaving();
    }
  }

  /** Whether a delivery's partition is still the one it was read from. */
  boolean owns(Delivery delivery) {
    return assignments.get(delivery.assignment().partition()) == delivery.assignment();
  }

  /** How many records stand in lines of models. */
  int setAside() {
    return assignments.values().stream().mapToInt(Assignment::setAside).sum();
  }

  Collection<Assignment> all() {
    return assignments.values();
  }

  /** Begins nothing more: the worker is leaving. */
  void stopTaking() {
    assignments.values().forEach(this::stopTaking);
  }

  /** Forgets everything: the worker is leaving. */
  void forgetAll() {
    assignments.clear();
    unresolved.clear();
  }

  /** The partition's assignment; a new one where its log began anew (the topic was made again). */
  private Assignment current(TopicPartition partition, long offset) {
    Assignment known = assignments.get(partition);
    if (known != null && !known.isBehind(offset)) {
      return known;
    }
    LOG.warn(
        "{} goes back to offset {}: what was known of its progress is dropped", partition, offset);
    Assignment anew = assignment(partition, new Commit(offset, ""));
    if (known != null) {
      leave(known);
      anew.paused(known.paused());
    }
    assignments.put(partition, anew);
    return anew;
  }

  private Assignment resume(
      TopicPartition partition, @org.jspecify.annotations.Nullable OffsetAndMetadata committed) {
    if (committed == null) {
      return assignment(partition, new Commit(0, ""));
    }
    Commit commit = new Commit(committed.offset(), committed.metadata());
    if (!OffsetTracker.understands(commit)) {
      LOG.warn(
          "the commit metadata of {} at offset {} is not this version's or is damaged; calls that"
              + " were complete beyond that offset are repeated",
          partition,
          committed.offset());
    }
    return assignment(partition, commit);
  }

  private Assignment assignment(TopicPartition partition, Commit committed) {
    Lane lane = Objects.requireNonNull(lanesByTopic.get(partition.topic()), partition.topic());
    return new Assignment(partition, lane, committed, limit, maxMetadataCharacters);
  }

  private void leave(Assignment assignment) {
    backlog.forget(assignment);
    assignment.leave();
  }

  private void stopTaking(Assignment assignment) {
    backlog.forget(assignment);
    assignment.stopTaking();
  }
}
