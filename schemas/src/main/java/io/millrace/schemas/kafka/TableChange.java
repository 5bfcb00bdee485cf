package io.millrace.schemas.kafka;

/**
 * What a record does to its row of a {@link TopicTable}.
 *
 * @param <V> the table's value
 */
public sealed interface TableChange<V> {

  /** This is its value from now on. */
  record Put<V>(V value) implements TableChange<V> {}

  /** It has none any more. */
  record Remove<V>() implements TableChange<V> {}

  /** It stays as it was. */
  record Leave<V>() implements TableChange<V> {}
}
