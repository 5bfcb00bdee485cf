package io.millrace.schemas.health;

import io.millrace.schemas.avro.Control;
import io.millrace.schemas.avro.ControlAction;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TopicFollower;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.serde.UndecodableValueException;
import io.millrace.schemas.topic.TopicCatalogue;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which providers and models operators have blocked, read from the control topic and kept up to
 * date. A record that is not understood leaves what was known before. Thread-safe.
 */
public final class ProviderBlocks implements ProviderBlockView, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ProviderBlocks.class);

  /** Who blocked what, and when, by what it is about. */
  private final ConcurrentMap<ProviderOrder, Control> blocked = new ConcurrentHashMap<>();

  private final String topic;
  private final Deserializer<Control> values;
  private @Nullable TopicFollower follower;

  private ProviderBlocks(String topic, Deserializer<Control> values) {
    this.topic = topic;
    this.values = values;
  }

  /**
   * Begins to read; what it knows before it has {@link #caughtUp()} is not the whole.
   *
   * @param reader names the thread that reads, e.g. {@code hooks}
   */
  public static ProviderBlocks start(
      TopicCatalogue topics, KafkaConnection connection, AvroSerdes serdes, String reader) {
    ProviderBlocks blocks =
        new ProviderBlocks(topics.control().name(), serdes.forType(Control.class).deserializer());
    blocks.follower =
        TopicFollower.start(
            blocks.topic, connection, "millrace-provider-blocks-" + reader, blocks::follow);
    return blocks;
  }

  /** Whether everything that was there at the start is known. */
  public boolean caughtUp() {
    return follower != null && follower.caughtUp();
  }

  @Override
  public boolean isBlocked(String provider, String model) {
    // Almost always nothing is, and this is asked for every attempt.
    return !blocked.isEmpty()
        && (blocked.containsKey(new ProviderOrder(provider, null))
            || (!model.isEmpty() && blocked.containsKey(new ProviderOrder(provider, model))));
  }

  /** What is blocked, with the order that did it; the records are not changed. */
  public Map<ProviderOrder, Control> all() {
    return Map.copyOf(blocked);
  }

  private void follow(ConsumerRecord<String, byte[]> record) {
    ProviderOrder.ofSubject(record.key()).ifPresent(subject -> follow(subject, record));
  }

  private void follow(ProviderOrder subject, ConsumerRecord<String, byte[]> record) {
    try {
      Control order = values.deserialize(topic, record.value());
      if (order == null || order.getAction() == ControlAction.UNBLOCK) {
        if (blocked.remove(subject) != null) {
          LOG.info("{} is no longer blocked", subject);
        }
      } else if (order.getAction() == ControlAction.BLOCK) {
        blocked.put(subject, order);
        LOG.info("{} is blocked, by {}", subject, order.getBy());
      }
    } catch (UndecodableValueException e) {
      LOG.warn(
          "the order about {} at offset {} of {} is no Control record and is passed over: {}",
          subject,
          record.offset(),
          topic,
          e.getMessage());
    }
  }

  /** Stops reading; what is known stays. */
  @Override
  public void close() {
    if (follower != null) {
      follower.close();
    }
  }
}
