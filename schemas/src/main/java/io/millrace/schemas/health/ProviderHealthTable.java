package io.millrace.schemas.health;

import io.millrace.schemas.avro.ProviderHealth;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TopicFollower;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.serde.UndecodableValueException;
import io.millrace.schemas.topic.TopicCatalogue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The health of every provider's models, read from the provider-health topic and kept up to date. A
 * record that is not understood leaves what was known before. Thread-safe.
 */
public final class ProviderHealthTable implements ProviderHealthView, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ProviderHealthTable.class);

  private final ConcurrentMap<String, ProviderHealth> known = new ConcurrentHashMap<>();
  private final String topic;
  private final Deserializer<ProviderHealth> values;
  private @Nullable TopicFollower follower;

  private ProviderHealthTable(String topic, Deserializer<ProviderHealth> values) {
    this.topic = topic;
    this.values = values;
  }

  /**
   * Begins to read; what it knows before it has {@link #caughtUp()} is not the whole.
   *
   * @param reader names the thread that reads, e.g. {@code hooks}
   */
  public static ProviderHealthTable start(
      TopicCatalogue topics, KafkaConnection connection, AvroSerdes serdes, String reader) {
    ProviderHealthTable table =
        new ProviderHealthTable(
            topics.providerHealth().name(), serdes.forType(ProviderHealth.class).deserializer());
    table.follower =
        TopicFollower.start(
            table.topic, connection, "millrace-provider-health-" + reader, table::follow);
    return table;
  }

  /** The record's key for a model of a provider. */
  public static String key(String provider, String model) {
    return provider + "/" + model;
  }

  /** Whether everything that was there at the start is known. */
  public boolean caughtUp() {
    return follower != null && follower.caughtUp();
  }

  @Override
  public Optional<ProviderHealth> of(String provider, String model) {
    return Optional.ofNullable(known.get(key(provider, model)));
  }

  /** The last known health of every model of a provider, in no order. */
  public List<ProviderHealth> of(String provider) {
    return known.values().stream().filter(health -> health.getProvider().equals(provider)).toList();
  }

  /** Everything that is known, by {@link #key}; the records are not changed. */
  public Map<String, ProviderHealth> all() {
    return Map.copyOf(known);
  }

  private void follow(ConsumerRecord<String, byte[]> record) {
    try {
      ProviderHealth health = values.deserialize(topic, record.value());
      if (health == null) {
        known.remove(record.key());
      } else {
        known.put(record.key(), health);
      }
    } catch (UndecodableValueException e) {
      LOG.warn(
          "the health of {} at offset {} of {} is not understood: {}",
          record.key(),
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
