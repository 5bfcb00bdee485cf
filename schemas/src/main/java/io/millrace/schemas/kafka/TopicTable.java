package io.millrace.schemas.kafka;

import io.millrace.schemas.serde.UndecodableValueException;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A compacted topic as a table in memory, read from its beginning and kept up to date by one
 * thread. What its rules make of a record is put under the key they make of the record's key; a
 * tombstone takes a value away. As large as the topic has keys. Thread-safe; looking up never
 * waits.
 *
 * @param <A> what the topic's values are
 * @param <K> the table's key
 * @param <V> the table's value
 */
public final class TopicTable<A, K, V> implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TopicTable.class);

  private final ConcurrentMap<K, V> known = new ConcurrentHashMap<>();
  private final Map<K, V> view = Collections.unmodifiableMap(known);
  private final String topic;
  private final Deserializer<A> values;
  private final TableRules<A, K, V> rules;
  private @Nullable TopicFollower follower;

  TopicTable(String topic, Deserializer<A> values, TableRules<A, K, V> rules) {
    this.topic = topic;
    this.values = values;
    this.rules = rules;
  }

  /**
   * Begins to read; what it knows before it has {@link #caughtUp()} is not the whole.
   *
   * @param threadName of the one thread that reads and calls the rules
   */
  public static <A, K, V> TopicTable<A, K, V> start(
      String topic,
      Deserializer<A> values,
      TableRules<A, K, V> rules,
      KafkaConnection connection,
      String threadName) {
    TopicTable<A, K, V> table = new TopicTable<>(topic, values, rules);
    table.follower = TopicFollower.start(topic, connection, threadName, table::follow);
    return table;
  }

  /** Whether everything that was there at the start is known. */
  public boolean caughtUp() {
    return follower != null && follower.caughtUp();
  }

  /** What is known now: a view that changes with the table and cannot be written to. */
  public Map<K, V> known() {
    return view;
  }

  void follow(ConsumerRecord<String, byte[]> record) {
    rules.key(record.key()).ifPresent(key -> follow(key, record));
  }

  private void follow(K key, ConsumerRecord<String, byte[]> record) {
    try {
      A value = values.deserialize(topic, record.value());
      apply(key, value == null ? new TableChange.Remove<>() : rules.read(value));
    } catch (UndecodableValueException | IllegalArgumentException e) {
      TableChange<V> change = rules.unreadable();
      LOG.warn(
          "the record about {} at offset {} of {} is not understood, so {}: {}",
          key,
          record.offset(),
          topic,
          change instanceof TableChange.Remove ? "it is taken away" : "it stays as it was",
          e.getMessage());
      apply(key, change);
    }
  }

  private void apply(K key, TableChange<V> change) {
    switch (change) {
      case TableChange.Put<V> put -> {
        known.put(key, put.value());
        rules.changed(key, put.value());
      }
      case TableChange.Remove<V> ignored -> {
        if (known.remove(key) != null) {
          rules.changed(key, null);
        }
      }
      case TableChange.Leave<V> ignored -> {}
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
