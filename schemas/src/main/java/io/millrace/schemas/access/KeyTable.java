package io.millrace.schemas.access;

import io.millrace.plugin.access.AccessKey;
import io.millrace.plugin.access.AccessKeys;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TableChange;
import io.millrace.schemas.kafka.TableRules;
import io.millrace.schemas.kafka.TopicTable;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import java.util.Optional;

/**
 * Every key there is, read from the keys topic and kept up to date: a change is here as soon as it
 * is committed. A record that is not understood takes its key away rather than leave an older state
 * of it in force. Thread-safe; looking up never waits.
 */
public final class KeyTable implements AccessKeys, AutoCloseable {

  private static final String THREAD = "millrace-keys";

  private final TopicTable<io.millrace.schemas.avro.AccessKey, String, KnownKey> keys;

  private KeyTable(TopicTable<io.millrace.schemas.avro.AccessKey, String, KnownKey> keys) {
    this.keys = keys;
  }

  /** Begins to read; what it knows before it has {@link #caughtUp()} is not the whole. */
  public static KeyTable start(
      TopicCatalogue topics, KafkaConnection connection, AvroSerdes serdes) {
    return new KeyTable(
        TopicTable.start(
            topics.keys().name(),
            serdes.forType(io.millrace.schemas.avro.AccessKey.class).deserializer(),
            new Rules(),
            connection,
            THREAD));
  }

  /** Whether every key that was there at the start is known. */
  public boolean caughtUp() {
    return keys.caughtUp();
  }

  @Override
  public Optional<AccessKey> find(String id) {
    return known(id).map(KnownKey::key);
  }

  Optional<KnownKey> known(String id) {
    return Optional.ofNullable(keys.known().get(id));
  }

  /** Stops reading; what is known stays. */
  @Override
  public void close() {
    keys.close();
  }

  /** By id; what is not understood is refused. */
  private static final class Rules
      implements TableRules<io.millrace.schemas.avro.AccessKey, String, KnownKey> {

    @Override
    public Optional<String> key(String recordKey) {
      return Optional.of(recordKey);
    }

    @Override
    public TableChange<KnownKey> read(io.millrace.schemas.avro.AccessKey record) {
      return new TableChange.Put<>(KnownKey.of(record));
    }

    @Override
    public TableChange<KnownKey> unreadable() {
      return new TableChange.Remove<>();
    }
  }
}
