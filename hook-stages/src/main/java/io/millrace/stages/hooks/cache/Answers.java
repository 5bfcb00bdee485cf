package io.millrace.stages.hooks.cache;

import io.millrace.plugin.cache.CacheStrategy;
import io.millrace.plugin.hook.KeyedState;
import io.millrace.plugin.hook.KeyedState.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The answers under one scope key, within their bounds.
 *
 * <p>There is no index by worth: it would cost two writes at each change, and be wrong as soon as
 * worth falls with time. Instead a few answers that lie together by chance (keys are hashes) are
 * compared and the one worth least leaves, after K. Psounis and B. Prabhakar (Efficient randomized
 * Web-cache replacement schemes using samples from past eviction times, IEEE/ACM Transactions on
 * Networking 2002). Answers whose time is over leave whenever they are met.
 *
 * <p>Made for one call, used by one thread.
 */
final class Answers {

  /** How many leave for one that comes; where that is not enough, it is not stored. */
  static final int MAX_EVICTIONS = 64;

  /**
   * A sweep looks at {@link Draw#SAMPLE} answers, so one for so many stored ones still looks at
   * more than come.
   */
  private static final int STORED_FOR_EACH_SWEEP = 4;

  /** What an entry takes besides its value: key, store, changelog. */
  static final int OVERHEAD_BYTES = 128;

  /** A use may make a value longer by a few bytes. */
  private static final int MAX_VALUE_BYTES = KeyedState.MAX_VALUE_BYTES - 64;

  static final String PREFIX = "e/";
  static final String END = "e0";

  private static final String SUMMARY = "s";

  private final KeyedState state;
  private final CacheConfig config;
  private final CacheStrategy strategy;
  private final Lifetime lifetime;
  private final ObjLongConsumer<Count> counted;
  private final long nowMillis;
  private @Nullable Summary summary;

  /**
   * The answers as they are now.
   *
   * @param counted told of answers that leave or are refused
   */
  Answers(
      KeyedState state,
      CacheConfig config,
      CacheStrategy strategy,
      Instant now,
      ObjLongConsumer<Count> counted) {
    this.state = state;
    this.config = config;
    this.strategy = strategy;
    this.lifetime = new Lifetime(config, strategy);
    this.nowMillis = now.toEpochMilli();
    this.counted = counted;
  }

  /** What is stored, its time over or not; null for nothing. */
  @Nullable StoredAnswer find(String hash) {
    byte[] value = state.get(PREFIX + hash);
    return value == null ? null : StoredAnswer.of(value);
  }

  /** What is stored and may be used. */
  @Nullable StoredAnswer live(String hash) {
    byte[] value = state.get(PREFIX + hash);
    if (value == null) {
      return null;
    }
    StoredAnswer stored = StoredAnswer.of(value);
    return stored != null && lifetime.isLive(stored, sizeOf(value.length), nowMillis)
        ? stored
        : null;
  }

  /** Writes a use down. */
  void rewrite(String hash, StoredAnswer before, StoredAnswer after) {
    byte[] value = after.toBytes();
    state.put(PREFIX + hash, value);
    long more = value.length - (long) before.toBytes().length;
    if (more != 0) {
      summary().grown(more);
      save();
    }
  }

  /**
   * Stores an answer, in the place of an older one or of others where there is no room.
   *
   * @return whether it is stored
   */
  boolean store(String hash, StoredAnswer answer) {
    byte[] value = answer.toBytes();
    long size = sizeOf(value.length);
    if (value.length > Math.min(config.maxEntryBytes(), MAX_VALUE_BYTES)
        || size > config.maxBytes()) {
      count(Count.REJECTED, 1);
      return false;
    }
    byte[] older = state.get(PREFIX + hash);
    if (older != null) {
      remove(hash, older, null);
    }
    SplittableRandom random = Draw.random(hash, nowMillis);
    List<Entry> met = random.nextInt(STORED_FOR_EACH_SWEEP) == 0 ? sweep(random) : List.of();
    if (!makeRoom(size, met, random)) {
      count(Count.REJECTED, 1);
      return false;
    }
    state.put(PREFIX + hash, value);
    summary().added(size);
    count(Count.SETS, 1);
    return true;
  }

  /** Looks at a few, removes those whose time is over and gives the others. */
  private List<Entry> sweep(SplittableRandom random) {
    List<Entry> others = new ArrayList<>();
    if (summary().entries() > 0) {
      for (Entry entry : Draw.entries(state, PREFIX, END, random)) {
        StoredAnswer stored = StoredAnswer.of(entry.value());
        if (stored == null || !lifetime.isLive(stored, sizeOf(entry.value().length), nowMillis)) {
          remove(hashOf(entry), entry.value(), Count.EXPIRED);
        } else {
          others.add(entry);
        }
      }
    }
    return others;
  }

  /** Takes from the same few as long as there are any: to draw again is to read again. */
  private boolean makeRoom(long size, List<Entry> met, SplittableRandom random) {
    List<Entry> some = new ArrayList<>(met);
    for (int i = 0; i < MAX_EVICTIONS && !fits(size); i++) {
      if (some.isEmpty()) {
        some = new ArrayList<>(Draw.entries(state, PREFIX, END, random));
      }
      Entry worst = leastWorth(some);
      if (worst == null) {
        return false;
      }
      remove(hashOf(worst), worst.value(), Count.EVICTED);
      some.remove(worst);
    }
    return fits(size);
  }

  private boolean fits(long size) {
    return summary().entries() < config.maxEntries()
        && summary().bytes() + size <= config.maxBytes();
  }

  private @Nullable Entry leastWorth(List<Entry> entries) {
    Instant now = Instant.ofEpochMilli(nowMillis);
    Entry worst = null;
    double least = Double.POSITIVE_INFINITY;
    for (Entry entry : entries) {
      StoredAnswer stored = StoredAnswer.of(entry.value());
      double worth =
          stored == null
              ? Double.NEGATIVE_INFINITY
              : strategy.worth(stored.facts(sizeOf(entry.value().length)), now);
      if (worst == null || worth < least) {
        worst = entry;
        least = worth;
      }
    }
    return worst;
  }

  /** Removes an answer; false where there is none. */
  boolean drop(String hash) {
    byte[] value = state.get(PREFIX + hash);
    if (value == null) {
      return false;
    }
    remove(hash, value, null);
    return true;
  }

  private void remove(String hash, byte[] value, @Nullable Count cause) {
    state.delete(PREFIX + hash);
    summary().removed(sizeOf(value.length));
    StoredAnswer stored = StoredAnswer.of(value);
    if (stored != null && stored.predicted()) {
      count(Count.PREDICTED_WASTE, 1);
    }
    if (cause != null) {
      count(cause, 1);
    }
  }

  /** Removes answers as they come, until so many or about so many bytes are gone. */
  int clear(int limit, long maxBytes) {
    int removed = 0;
    long before = summary().bytes();
    String from = PREFIX;
    List<Entry> found = state.range(from, END, Draw.SAMPLE);
    while (!found.isEmpty() && removed < limit && before - summary().bytes() < maxBytes) {
      for (Entry entry : found) {
        remove(hashOf(entry), entry.value(), null);
        from = entry.key();
      }
      removed += found.size();
      found = state.range(from, END, Draw.SAMPLE);
    }
    if (found.isEmpty()) {
      summary().emptied();
    }
    return removed;
  }

  void count(Count what, long amount) {
    summary().add(what, amount);
    counted.accept(what, amount);
  }

  Summary summary() {
    if (summary == null) {
      summary = Summary.of(state.get(SUMMARY));
    }
    return summary;
  }

  /** Writes the summary; to be called after whatever changes it. */
  void save() {
    state.put(SUMMARY, summary().toBytes());
  }

  private static long sizeOf(int valueBytes) {
    return valueBytes + (long) OVERHEAD_BYTES;
  }

  private static String hashOf(Entry entry) {
    return entry.key().substring(PREFIX.length());
  }
}
