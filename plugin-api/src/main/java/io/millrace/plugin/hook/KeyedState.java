package io.millrace.plugin.hook;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hook's own keys and values, kept in RocksDB and on a changelog topic. One key space per scope
 * key: a tenant-scoped hook sees what it wrote for the same tenant and nothing else. Used by one
 * thread, during the call only.
 */
public interface KeyedState {

  /** The longest key, in characters. */
  int MAX_KEY_CHARACTERS = 512;

  /** The largest value. */
  int MAX_VALUE_BYTES = 1024 * 1024;

  /** The most entries of one {@link #range}. */
  int MAX_RANGE_ENTRIES = 10_000;

  /** The value of a key, or null. The array is the caller's own. */
  byte @Nullable [] get(String key);

  /**
   * Sets the value of a key.
   *
   * @throws IllegalArgumentException when key or value is over its bound, naming hook, key and
   *     bound
   */
  void put(String key, byte[] value);

  /** Removes a key; does nothing where there is none. */
  void delete(String key);

  /**
   * Entries in the order of their keys' UTF-8 bytes.
   *
   * @param from the first key, inclusive
   * @param to the last key, exclusive
   * @param limit how many at most, 1 to {@link #MAX_RANGE_ENTRIES}
   */
  List<Entry> range(String from, String to, int limit);

  /**
   * A key and its value.
   *
   * @param key the key
   * @param value its value; not copied
   */
  record Entry(String key, byte[] value) {}
}
