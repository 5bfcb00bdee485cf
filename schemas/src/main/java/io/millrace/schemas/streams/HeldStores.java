package io.millrace.schemas.streams;

import java.util.Map;
import java.util.function.ToLongFunction;
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
   * @param weigher about how many bytes a value takes
   */
  public static <K extends Comparable<K>, V> StoreBuilder<KeyValueStore<K, V>> inFrontOf(
      StoreBuilder<KeyValueStore<K, V>> behind, ToLongFunction<V> weigher) {
    return new Builder<>(behind, weigher);
  }

  private record Builder<K extends Comparable<K>, V>(
      StoreBuilder<KeyValueStore<K, V>> behind, ToLongFunction<V> weigher)
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
      return new Builder<>(behind.withLoggingEnabled(config), weigher);
    }

    @Override
    public StoreBuilder<KeyValueStore<K, V>> withLoggingDisabled() {
      return new Builder<>(behind.withLoggingDisabled(), weigher);
    }

    @Override
    public KeyValueStore<K, V> build() {
      return new HeldKeyValueStore<>(behind.build(), weigher);
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
