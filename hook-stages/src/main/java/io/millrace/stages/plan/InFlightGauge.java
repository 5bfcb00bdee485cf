package io.millrace.stages.plan;

import io.millrace.schemas.avro.PlanGroup;
import io.millrace.schemas.avro.PlanStore;
import io.millrace.schemas.avro.RunningPlan;
import io.millrace.schemas.kafka.KafkaConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;

/**
 * Counts what is under way in the stages, from outside: records that the applications have not
 * committed, and entries of the stores that stand for exchanges, read from the stores' changelog
 * topics. Counts what is there and never less: topics are read before stores, so an exchange that
 * moves on meanwhile is seen in one of them. Not thread-safe.
 */
public final class InFlightGauge {

  private final KafkaConnection connection;
  private final Admin admin;
  private final RunningPlan plan;
  private final Map<TopicPartition, Long> changelogPositions = new HashMap<>();
  private final Set<Entry> open = new HashSet<>();

  /**
   * A gauge for one plan.
   *
   * @param admin stays the caller's
   */
  public InFlightGauge(KafkaConnection connection, Admin admin, RunningPlan plan) {
    this.connection = connection;
    this.admin = admin;
    this.plan = plan;
  }

  /**
   * Counts; a later call reads on from where this one ended.
   *
   * @throws KafkaException when the cluster cannot be reached
   */
  public InFlight measure() throws InterruptedException {
    AtomicLong waiting = new AtomicLong();
    CommittedRecords.read(connection, unprocessed(), ignored -> waiting.incrementAndGet());
    for (TopicPartition partition : changelogs()) {
      changelogPositions.putIfAbsent(partition, 0L);
    }
    CommittedRecords.read(connection, changelogPositions, this::note);
    return new InFlight(waiting.get(), open.size());
  }

  /**
   * Removes what is on the groups' topics. For a plan with nothing in flight: an application that
   * begins anew would else process again what is long finished.
   */
  void clearTopics() throws InterruptedException {
    Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
    partitionsOf(stageTopics())
        .forEach(partition -> all.put(partition, RecordsToDelete.beforeOffset(-1L)));
    await(admin.deleteRecords(all).all());
  }

  /** Applications of the plan that have running instances. */
  public Set<String> runningApplications() throws InterruptedException {
    Set<String> applications = new HashSet<>();
    plan.getGroups().forEach(group -> applications.add(group.getApplicationId()));
    return running(admin, applications);
  }

  /** Those of some applications that have running instances. */
  public static Set<String> running(Admin admin, Set<String> applications)
      throws InterruptedException {
    Set<String> known = new HashSet<>();
    await(admin.listGroups().all()).forEach(group -> known.add(group.groupId()));
    known.retainAll(applications);
    Set<String> running = new TreeSet<>();
    for (var group : await(admin.describeConsumerGroups(known).all()).values()) {
      if (!group.members().isEmpty()) {
        running.add(group.groupId());
      }
    }
    return running;
  }

  private Map<TopicPartition, Long> unprocessed() throws InterruptedException {
    Map<TopicPartition, Long> positions = new HashMap<>();
    List<TopicPartition> partitions = partitionsOf(stageTopics());
    for (PlanGroup group : plan.getGroups()) {
      Map<TopicPartition, OffsetAndMetadata> committed =
          await(
              admin
                  .listConsumerGroupOffsets(group.getApplicationId())
                  .partitionsToOffsetAndMetadata());
      for (TopicPartition partition : partitions) {
        if (topicsOf(group).contains(partition.topic())) {
          OffsetAndMetadata position = committed.get(partition);
          positions.put(partition, position == null ? 0L : position.offset());
        }
      }
    }
    return positions;
  }

  private List<String> stageTopics() {
    return plan.getGroups().stream().flatMap(group -> topicsOf(group).stream()).toList();
  }

  /** Where exchanges are; what operators ask is none, and is dropped when it is late. */
  private static List<String> topicsOf(PlanGroup group) {
    return List.of(group.getRequestsTopic(), group.getRepliesTopic());
  }

  private List<TopicPartition> changelogs() throws InterruptedException {
    List<String> names = new ArrayList<>();
    for (PlanGroup group : plan.getGroups()) {
      for (PlanStore store : group.getStores()) {
        if (store.getHoldsExchanges()) {
          names.add(group.getApplicationId() + "-" + store.getName() + "-changelog");
        }
      }
    }
    return partitionsOf(names);
  }

  /** A topic that is not there yet has no partitions. */
  private List<TopicPartition> partitionsOf(List<String> topics) throws InterruptedException {
    Set<String> existing = new HashSet<>(await(admin.listTopics().names()));
    existing.retainAll(topics);
    List<TopicPartition> partitions = new ArrayList<>();
    for (var topic : await(admin.describeTopics(existing).allTopicNames()).values()) {
      topic
          .partitions()
          .forEach(info -> partitions.add(new TopicPartition(topic.name(), info.partition())));
    }
    return partitions;
  }

  private void note(ConsumerRecord<byte[], byte[]> change) {
    Entry entry = new Entry(change.topic(), Bytes.wrap(change.key()));
    if (change.value() == null) {
      open.remove(entry);
    } else {
      open.add(entry);
    }
  }

  private static <T> T await(KafkaFuture<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      throw new KafkaException("the cluster refuses: " + cause.getMessage(), cause);
    }
  }

  /** An entry of a store. */
  private record Entry(String changelog, Bytes key) {}
}
