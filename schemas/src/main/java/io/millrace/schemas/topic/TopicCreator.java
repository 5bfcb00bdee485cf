package io.millrace.schemas.topic;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics of a catalogue that are not there yet; never changes one that is. */
public final class TopicCreator {

  private TopicCreator() {}

  /**
   * Creates what is missing. Safe to call from several processes at once.
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
    return created;
  }
}
