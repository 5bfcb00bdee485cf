package io.millrace.schemas.streams;

import java.util.Map;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * Stores that write a key at most twice between two commits, for counters that change with every
 * record. They are as durable and as exact as the store they stand in front of.
 */
public final class HeldStores {

  private HeldStores() {}

  /**
   * A store in front of another, under its name and with its changelog.
   *
   * @param behind has keys in their natural order, and no record cache of its own
   * @param values how to hold them
   */
  public static <K extends Comparable<K>, V> StoreBuilder<KeyValueStore<K, V>> inFrontOf(
      StoreBuilder<KeyValueStore<K, V>> behind, HeldValues<V> values) {
    return new Builder<>(behind, values);
  }

  private record Builder<K extends Comparable<K>, V>(
      StoreBuilder<KeyValueStore<K, V>> behind, HeldValues<V> values)
      implements StoreBuilder<KeyValueStore<K, V>> {

    @Override
    public StoreBuilder<KeyValueStore<K, V>> withCachingEnabled() {
      throw new UnsupportedOperationException("a held store is in the cache's place");
    }

    @Override
    public StoreBuilder<KeyValueStore<K, V>> withCachingDisabled() {
      return this;
    }

    @Override
    public StoreBuilder<KeyValueStore<K, V>> withLoggingEnabled(Map<String, String> config) {
      return new Builder<>(behind.withLoggingEnabled(config), values);
    }

    @Override
    public StoreBuilder<KeyValueStore<K, V>> withLoggingDisabled() {
      return new Builder<>(behind.withLoggingDisabled(), values);
    }

    @Override
    public KeyValueStore<K, V> build() {
      return new HeldKeyValueStore<>(behind.build(), values);
    }

    @Override
    public Map<String, String> logConfig() {
      return behind.logConfig();
    }

    @Override
    public boolean loggingEnabled() {
      return behind.loggingEnabled();
    }

    @Override
    public String name() {
      return behind.name();
    }
  }
}
