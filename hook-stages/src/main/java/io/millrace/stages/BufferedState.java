package io.millrace.stages;

import io.millrace.plugin.hook.KeyedState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A hook's state with changes that can be left undone: they are kept in memory until {@link
 * #apply()}, and seen meanwhile. What the store itself fails with is kept, so that no hook can
 * swallow it. Used by one thread.
 */
final class BufferedState implements KeyedState {

  /** The most keys that are changed at once. */
  static final int MAX_CHANGES = 100_000;

  /** The most that is put at once. */
  static final long MAX_BYTES = 16L * 1024 * 1024;

  private static final int PAGE = 1_000;

  /** The order of the store: that of UTF-8, which is not the order of strings. */
  private static final Comparator<String> STORE_ORDER =
      (left, right) ->
          Arrays.compareUnsigned(
              left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));

  private final String hook;
  private final KeyedState state;
  private final NavigableMap<String, Change> changes = new TreeMap<>(STORE_ORDER);
  private long bytes;
  private final StageFault fault = new StageFault();

  /** What is to become of a key: a value, or null to remove it. */
  private record Change(byte @Nullable [] value) {
    int size() {
      return value == null ? 0 : value.length;
    }
  }

  BufferedState(String hook, KeyedState state) {
    this.hook = hook;
    this.state = state;
  }

  @Override
  public byte @Nullable [] get(String key) {
    Change change = changes.get(key);
    if (change == null) {
      return fault.<byte @Nullable []>guarded(() -> state.get(key));
    }
    byte[] value = change.value();
    return value == null ? null : value.clone();
  }

  @Override
  public void put(String key, byte[] value) {
    ScopedState.check(hook, key, value);
    change(key, new Change(value.clone()));
  }

  @Override
  public void delete(String key) {
    change(key, new Change(null));
  }

  private void change(String key, Change change) {
    Change before = changes.put(key, change);
    bytes += change.size() - (before == null ? 0 : before.size());
    if (changes.size() > MAX_CHANGES || bytes > MAX_BYTES) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "hook '%s': one operation changes at most %,d keys and puts at most %,d bytes",
              hook,
              MAX_CHANGES,
              MAX_BYTES));
    }
  }

  @Override
  public List<Entry> range(String from, String to, int limit) {
    if (limit < 1 || limit > MAX_RANGE_ENTRIES) {
      return state.range(from, to, limit); // says what is wrong
    }
    if (STORE_ORDER.compare(from, to) >= 0) {
      return List.of();
    }
    NavigableMap<String, byte[]> merged = new TreeMap<>(STORE_ORDER);
    unchanged(from, to, limit).forEach(entry -> merged.put(entry.key(), entry.value()));
    changes
        .subMap(from, true, to, false)
        .forEach(
            (key, change) -> {
              byte[] value = change.value();
              if (value != null) {
                merged.put(key, value.clone());
              }
            });
    return merged.entrySet().stream()
        .limit(limit)
        .map(entry -> new Entry(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** The first entries of the store that are still as they were. */
  private List<Entry> unchanged(String from, String to, int limit) {
    List<Entry> found = new ArrayList<>();
    String next = from;
    while (found.size() < limit) {
      String start = next;
      List<Entry> page = fault.guarded(() -> state.range(start, to, PAGE));
      page.stream().filter(entry -> !changes.containsKey(entry.key())).forEach(found::add);
      if (page.size() < PAGE) {
        break;
      }
      next = page.getLast().key() + '\0'; // what follows a key at once
    }
    return found;
  }

  /** Makes the changes; what the store throws goes on to the stage. */
  void apply() {
    changes.forEach(
        (key, change) -> {
          byte[] value = change.value();
          if (value == null) {
            state.delete(key);
          } else {
            state.put(key, value);
          }
        });
  }

  /** Throws what the store failed with, whatever the hook made of it. */
  void rethrowFaultOfTheStage() {
    fault.rethrow();
  }
}
