package io.millrace.schemas.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the topics of a catalogue that are not there yet; never changes one that is. */
public final class TopicCreator {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

  private TopicCreator() {}

  /**
   * Creates what is missing, and returns when the broker that was asked knows it: Kafka answers a
   * little sooner, and a Streams application that starts in between dies of a missing topic. Safe
   * to call from several processes at once.
   *
   * @return the names of the topics this call created, in the order given
   * @throws KafkaException when the cluster refuses or cannot be reached
   */
  public static List<String> createMissing(
      Admin admin, Collection<Topic> topics, short replicationFactor) throws InterruptedException {
    var results =
        admin
            .createTopics(
                topics.stream().map(topic -> topic.toNewTopic(replicationFactor)).toList())
            .values();
    List<String> created = new ArrayList<>();
    for (Topic topic : topics) {
      try {
        Objects.requireNonNull(results.get(topic.name())).get();
        created.add(topic.name());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw new KafkaException("cannot create topic " + topic.name(), e.getCause());
        }
      }
    }
    awaitKnown(admin, created);
    return created;
  }

  /** Waits at most 10 s; what is missing then is for those to tell who miss it. */
  private static void awaitKnown(Admin admin, List<String> topics) throws InterruptedException {
    long begun = System.nanoTime();
    while (!known(admin, topics) && System.nanoTime() - begun < PATIENCE.toNanos()) {
      TimeUnit.NANOSECONDS.sleep(PAUSE_NANOS);
    }
  }

  private static boolean known(Admin admin, List<String> topics) throws InterruptedException {
    try {
      return admin.describeTopics(topics).allTopicNames().get().values().stream()
          .flatMap(topic -> topic.partitions().stream())
          .allMatch(partition -> partition.leader() != null);
    } catch (ExecutionException e) {
      // Who may create topics need not be allowed to look at them.
      return !(e.getCause() instanceof UnknownTopicOrPartitionException);
    }
  }
}
