package io.millrace.schemas.streams;

import java.util.LinkedHashSet;
import java.util.SequencedSet;

/**
 * Keys that a store was asked for in vain: a request looks for some more than once. Used by one
 * thread.
 */
final class AbsentKeys<K> {

  /**
   * So many are remembered, about 3 MiB of them; the oldest is forgotten first. As many as may be
   * under way in one task in a flood: each looks for its answer before the call, and after it.
   */
  static final int MAX = 16_384;

  private final SequencedSet<K> keys = new LinkedHashSet<>();

  boolean contains(K key) {
    return keys.contains(key);
  }

  void add(K key) {
    if (keys.size() >= MAX) {
      var unusedOldest = keys.removeFirst();
    }
    var unused = keys.add(key);
  }

  /** It is there now, or may be. */
  void remove(K key) {
    var unused = keys.remove(key);
  }

  void clear() {
    keys.clear();
  }
}
