package io.millrace.schemas.streams;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** A store in front of another, as far as it leaves to the store behind what it is asked. */
abstract class StoreInFront<K, V> implements KeyValueStore<K, V> {

  private final KeyValueStore<K, V> behind;

  StoreInFront(KeyValueStore<K, V> behind) {
    this.behind = behind;
  }

  final KeyValueStore<K, V> behind() {
    return behind;
  }

  @Override
  public final String name() {
    return behind.name();
  }

  @Override
  public final boolean persistent() {
    return behind.persistent();
  }

  @Override
  public final boolean isOpen() {
    return behind.isOpen();
  }

  @Override
  @SuppressWarnings("deprecation") // Streams itself still asks stores to
  public final void flush() {
    behind.flush();
  }

  @Override
  public final void commit(Map<TopicPartition, Long> changelogOffsets) {
    behind.commit(changelogOffsets);
  }

  @Override
  public final @Nullable Long committedOffset(TopicPartition partition) {
    return behind.committedOffset(partition);
  }

  @Override
  @SuppressWarnings("deprecation") // the store behind knows
  public final boolean managesOffsets() {
    return behind.managesOffsets();
  }

  /** Without what is new here and not behind yet. */
  @Override
  public final long approximateNumEntries() {
    return behind.approximateNumEntries();
  }

  @Override
  public final <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
    return behind.query(query, bound, config);
  }

  @Override
  public final Position getPosition() {
    return behind.getPosition();
  }
}
