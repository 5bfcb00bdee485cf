package io.millrace.schemas.kafka;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link TopicTable} reads its records. Called by the table's one thread.
 *
 * @param <A> what the topic's values are
 * @param <K> the table's key
 * @param <V> the table's value
 */
public interface TableRules<A, K, V> {

  /** What a record is about; empty where it is none of the table's. */
  Optional<K> key(String recordKey);

  /**
   * What a record does.
   *
   * @throws IllegalArgumentException when it says something that is not understood
   */
  TableChange<V> read(A value);

  /** What a record does that is not understood: the value before stays, where nothing is said. */
  default TableChange<V> unreadable() {
    return new TableChange.Leave<>();
  }

  /** Told after a value was put, and after one was taken away: then it is null. */
  default void changed(K key, @Nullable V value) {}
}
