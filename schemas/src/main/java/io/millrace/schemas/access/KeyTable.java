package io.millrace.schemas.access;

import io.millrace.plugin.access.AccessKey;
import io.millrace.plugin.access.AccessKeys;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TopicFollower;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.serde.UndecodableValueException;
import io.millrace.schemas.topic.TopicCatalogue;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every key there is, read from the keys topic and kept up to date: a change is here as soon as it
 * is committed. A record that is not understood takes its key away rather than leave an older state
 * of it in force. Thread-safe; looking up never waits.
 */
public final class KeyTable implements AccessKeys, AutoCloseable {

  private static final String THREAD = "millrace-keys";
  private static final Logger LOG = LoggerFactory.getLogger(KeyTable.class);

  private final ConcurrentMap<String, KnownKey> keys = new ConcurrentHashMap<>();
  private final String topic;
  private final Deserializer<io.millrace.schemas.avro.AccessKey> values;
  private @Nullable TopicFollower follower;

  private KeyTable(String topic, Deserializer<io.millrace.schemas.avro.AccessKey> values) {
    this.topic = topic;
    this.values = values;
  }

  /** Begins to read; what it knows before it has {@link #caughtUp()} is not the whole. */
  public static KeyTable start(
      TopicCatalogue topics, KafkaConnection connection, AvroSerdes serdes) {
    KeyTable table =
        new KeyTable(
            topics.keys().name(),
            serdes.forType(io.millrace.schemas.avro.AccessKey.class).deserializer());
    table.follower = TopicFollower.start(table.topic, connection, THREAD, table::follow);
    return table;
  }

  /** Whether every key that was there at the start is known. */
  public boolean caughtUp() {
    return follower != null && follower.caughtUp();
  }

  @Override
  public Optional<AccessKey> find(String id) {
    return known(id).map(KnownKey::key);
  }

  Optional<KnownKey> known(String id) {
    return Optional.ofNullable(keys.get(id));
  }

  private void follow(ConsumerRecord<String, byte[]> record) {
    try {
      var key = values.deserialize(topic, record.value());
      if (key == null) {
        keys.remove(record.key());
      } else {
        keys.put(record.key(), KnownKey.of(key));
      }
    } catch (UndecodableValueException | IllegalArgumentException e) {
      keys.remove(record.key());
      LOG.warn(
          "the record about key {} at offset {} of {} is not understood, so the key is refused: {}",
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
