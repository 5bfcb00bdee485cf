package io.millrace.plugin.testing;

import io.millrace.plugin.hook.KeyedState;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A hook's state in memory, with the bounds and the order of the real one. Not thread-safe. */
public final class InMemoryState implements KeyedState {

  private final NavigableMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);

  /** Empty. */
  public InMemoryState() {}

  @Override
  public byte @Nullable [] get(String key) {
    byte[] value = entries.get(bytes(key));
    return value == null ? null : value.clone();
  }

  @Override
  public void put(String key, byte[] value) {
    if (key.length() > MAX_KEY_CHARACTERS) {
      throw new IllegalArgumentException(
          "a key of state has at most " + MAX_KEY_CHARACTERS + " characters, not " + key.length());
    }
    if (value.length > MAX_VALUE_BYTES) {
      throw new IllegalArgumentException(
          "the value of state key '%s' has at most %,d bytes, not %,d"
              .formatted(key, MAX_VALUE_BYTES, value.length));
    }
    entries.put(bytes(key), value.clone());
  }

  @Override
  public void delete(String key) {
    entries.remove(bytes(key));
  }

  @Override
  public List<Entry> range(String from, String to, int limit) {
    if (limit < 1 || limit > MAX_RANGE_ENTRIES) {
      throw new IllegalArgumentException(
          "limit must be 1 to " + MAX_RANGE_ENTRIES + ", is " + limit);
    }
    byte[] first = bytes(from);
    byte[] last = bytes(to);
    if (Arrays.compareUnsigned(first, last) >= 0) {
      return List.of();
    }
    return entries.subMap(first, true, last, false).entrySet().stream()
        .limit(limit)
        .map(
            entry ->
                new Entry(
                    new String(entry.getKey(), StandardCharsets.UTF_8), entry.getValue().clone()))
        .toList();
  }

  /** How many keys there are. */
  public int size() {
    return entries.size();
  }

  private static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }
}
