package io.millrace.stages;

import io.millrace.plugin.hook.KeyedState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * One hook's state under one scope key. The store's keys begin with the length of the scope key and
 * the scope key itself, so no two scopes meet, and RocksDB's order within one is that of the hook's
 * own keys. Used by one thread.
 */
final class ScopedState implements KeyedState {

  private final String hook;
  private final KeyValueStore<Bytes, byte[]> store;
  private final byte[] scope;

  ScopedState(String hook, KeyValueStore<Bytes, byte[]> store, String scopeKey) {
    this.hook = hook;
    this.store = store;
    this.scope = scopeKey.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte @Nullable [] get(String key) {
    return store.get(storeKey(key));
  }

  @Override
  public void put(String key, byte[] value) {
    check(hook, key, value);
    store.put(storeKey(key), value);
  }

  @Override
  public void delete(String key) {
    store.delete(storeKey(key));
  }

  @Override
  public List<Entry> range(String from, String to, int limit) {
    if (limit < 1 || limit > MAX_RANGE_ENTRIES) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "hook '%s': a range takes 1 to %,d entries, not %,d",
              hook,
              MAX_RANGE_ENTRIES,
              limit));
    }
    Bytes first = storeKey(from);
    Bytes end = storeKey(to);
    if (first.compareTo(end) >= 0) {
      return List.of();
    }
    List<Entry> entries = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> found = store.range(first, end)) {
      while (found.hasNext() && entries.size() < limit) {
        KeyValue<Bytes, byte[]> next = found.next();
        if (!next.key.equals(end)) {
          entries.add(new Entry(hookKey(next.key), next.value));
        }
      }
    }
    return entries;
  }

  /**
   * Checks the bounds of an entry.
   *
   * @throws IllegalArgumentException naming hook, key and bound
   */
  static void check(String hook, String key, byte[] value) {
    Objects.requireNonNull(value, "value");
    if (key.length() > MAX_KEY_CHARACTERS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "hook '%s': state key '%s…' has %,d characters; at most %,d are allowed",
              hook,
              key.substring(0, 64),
              key.length(),
              MAX_KEY_CHARACTERS));
    }
    if (value.length > MAX_VALUE_BYTES) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "hook '%s': the value of state key '%s' has %,d bytes; at most %,d are allowed",
              hook,
              key,
              value.length,
              MAX_VALUE_BYTES));
    }
  }

  private Bytes storeKey(String key) {
    byte[] own = key.getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(Integer.BYTES + scope.length + own.length)
            .putInt(scope.length)
            .put(scope)
            .put(own)
            .array());
  }

  private String hookKey(Bytes storeKey) {
    byte[] bytes = storeKey.get();
    return new String(
        Arrays.copyOfRange(bytes, Integer.BYTES + scope.length, bytes.length),
        StandardCharsets.UTF_8);
  }
}
