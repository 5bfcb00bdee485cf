package io.millrace.schemas.streams;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * A store in front of another that writes a key once or twice between two commits, however often it
 * is changed: the first change goes through at once, later ones are held in memory and go through
 * at the commit. So counters that every request changes cost next to nothing, and keys that are
 * written once, such as entries of a cache, go out as they come and do not pile up before the
 * commit, which would stop the stream thread until they are written. What was held is remembered
 * after it was written, and so is which keys were looked for in vain.
 *
 * <p>Nothing is lost that a plain store would keep: Streams has the store write what it holds
 * ({@link #flushCache}) before it commits offsets, outputs and changelogs in one transaction, as it
 * does with its own record cache. A process that dies before has committed nothing of that, and
 * what was held is made again from the same records. A task that is closed for a fault forgets it.
 *
 * <p>Bounded: {@link #MAX_KEYS} keys and {@link #MAX_HELD_BYTES} of values for each store of a
 * task, twice; further keys go through at once, and too many bytes are written before their time.
 * Used by one thread. See decision 0020.
 *
 * @param <K> ordered as in the store behind
 */
final class HeldKeyValueStore<K extends Comparable<K>, V> extends StoreInFront<K, V>
    implements CachedStateStore<K, V> {

  /** Keys that are remembered as written since the last commit. */
  static final int MAX_KEYS = 4_096;

  /** Values that are held at once, by what the weigher says of them. */
  static final long MAX_HELD_BYTES = 4L << 20;

  private final HeldValues<V> values;

  /** Written since the last commit. */
  private final Set<K> written = new HashSet<>();

  /** Changed again since: what the store behind does not have yet. */
  private final NavigableMap<K, Held<V>> held = new TreeMap<>();

  private long heldBytes;

  /** What was written last of what was held; the store behind has the same. */
  private final Map<K, Held<V>> settled = new HashMap<>();

  private final AbsentKeys<K> absent = new AbsentKeys<>();

  /** Null where the key is removed. */
  private record Held<V>(@Nullable V value, long bytes) {}

  /**
   * In front of a store.
   *
   * @param values how to hold them
   */
  HeldKeyValueStore(KeyValueStore<K, V> store, HeldValues<V> values) {
    super(store);
    this.values = values;
  }

  @Override
  public @Nullable V get(K key) {
    Held<V> known = held.isEmpty() ? null : held.get(key);
    if (known == null) {
      known = settled.get(key);
    }
    if (known == null) {
      return absent.contains(key) ? null : read(key);
    }
    V value = known.value();
    return value == null ? null : values.copy().apply(value);
  }

  private @Nullable V read(K key) {
    V value = behind().get(key);
    if (value == null) {
      absent.add(key);
    }
    return value;
  }

  @Override
  @SuppressWarnings("NullAway") // a null value deletes, as in every store of Streams
  public void put(K key, @Nullable V value) {
    absent.remove(key);
    if (written.contains(key)) {
      hold(key, value);
      return;
    }
    behind().put(key, value);
    // One that has grown is forgotten: then what is settled stays as small as what was held.
    var unusedSettled =
        settled.computeIfPresent(
            key,
            (same, before) -> {
              Held<V> now = copyOf(value);
              return now.bytes() <= before.bytes() ? now : null;
            });
    if (written.size() < MAX_KEYS) {
      var unusedAdded = written.add(key);
    }
  }

  private Held<V> copyOf(@Nullable V value) {
    return value == null
        ? new Held<>(null, 0)
        : new Held<>(values.copy().apply(value), values.weigher().applyAsLong(value));
  }

  private void hold(K key, @Nullable V value) {
    Held<V> now = copyOf(value);
    Held<V> before = held.put(key, now);
    heldBytes += now.bytes() - (before == null ? 0 : before.bytes());
    if (heldBytes > MAX_HELD_BYTES) {
      writeHeld();
    }
  }

  @Override
  public @Nullable V putIfAbsent(K key, V value) {
    V present = get(key);
    if (present == null) {
      put(key, value);
    }
    return present;
  }

  @Override
  public void putAll(List<KeyValue<K, V>> entries) {
    entries.forEach(entry -> put(entry.key, entry.value));
  }

  @Override
  public @Nullable V delete(K key) {
    V present = get(key);
    put(key, null);
    return present;
  }

  @SuppressWarnings("NullAway") // a null value deletes
  private void writeHeld() {
    if (held.isEmpty()) {
      return;
    }
    held.forEach((key, changed) -> behind().put(key, changed.value()));
    settled.clear();
    settled.putAll(held);
    held.clear();
    heldBytes = 0;
  }

  /** Before a commit: everything into the store behind, and a new beginning. */
  @Override
  public void flushCache() {
    writeHeld();
    written.clear();
  }

  @Override
  public void clearCache() {
    held.clear();
    heldBytes = 0;
    settled.clear();
    absent.clear();
    written.clear();
  }

  @Override
  public boolean setFlushListener(
      @Nullable CacheFlushListener<K, V> listener, boolean sendOldValues) {
    return false;
  }

  /** What is read by order is read from the store behind, so that has to have it. */
  private void writeHeldBetween(@Nullable K from, @Nullable K to) {
    K first = from == null ? (held.isEmpty() ? null : held.firstKey()) : held.ceilingKey(from);
    if (first != null && (to == null || first.compareTo(to) <= 0)) {
      writeHeld();
    }
  }

  @Override
  public KeyValueIterator<K, V> range(@Nullable K from, @Nullable K to) {
    writeHeldBetween(from, to);
    return behind().range(from, to);
  }

  @Override
  public KeyValueIterator<K, V> reverseRange(@Nullable K from, @Nullable K to) {
    writeHeldBetween(from, to);
    return behind().reverseRange(from, to);
  }

  @Override
  public KeyValueIterator<K, V> all() {
    writeHeld();
    return behind().all();
  }

  @Override
  public KeyValueIterator<K, V> reverseAll() {
    writeHeld();
    return behind().reverseAll();
  }

  @Override
  public <PS extends Serializer<P>, P> KeyValueIterator<K, V> prefixScan(
      P prefix, PS prefixKeySerializer) {
    writeHeld();
    return behind().prefixScan(prefix, prefixKeySerializer);
  }

  /** The root stays this store, so that Streams asks it to write before a commit. */
  @Override
  public void init(StateStoreContext context, StateStore root) {
    clearCache();
    behind().init(context, root);
  }

  /** Without writing: a task that is closed for a fault must not. */
  @Override
  public void close() {
    clearCache();
    behind().close();
  }
}
