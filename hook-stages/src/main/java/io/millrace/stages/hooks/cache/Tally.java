package io.millrace.stages.hooks.cache;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Hits and the like that are not written down yet: a write for each would cost more than the hit.
 * They go into the summary with the next write of it, or when {@link #MAX_PENDING} have come
 * together; a process that dies loses what is here. Thread-safe.
 */
final class Tally {

  /** So many requests of a scope key are counted here at most. */
  static final long MAX_PENDING = 256;

  /** While so many scope keys have something to be written down, others are not counted. */
  static final int MAX_SCOPE_KEYS = 10_000;

  private final Map<String, Counts> pending = new ConcurrentHashMap<>();

  /** Counts. */
  void add(String scopeKey, Count what, long amount) {
    if (pending.size() >= MAX_SCOPE_KEYS && !pending.containsKey(scopeKey)) {
      return;
    }
    Counts counts = pending.computeIfAbsent(scopeKey, key -> new Counts());
    synchronized (counts) {
      counts.add(what, amount);
    }
  }

  /** Whether it is time to write down what there is. */
  boolean isDue(String scopeKey) {
    Counts counts = pending.get(scopeKey);
    if (counts == null) {
      return false;
    }
    synchronized (counts) {
      return counts.get(Count.HITS) + counts.get(Count.MISSES) + counts.get(Count.COALESCED)
          >= MAX_PENDING;
    }
  }

  /** Moves what there is into a summary. */
  void moveTo(String scopeKey, Summary summary) {
    Counts counts = pending.remove(scopeKey);
    if (counts == null) {
      return;
    }
    synchronized (counts) {
      summary.addAll(counts);
    }
  }
}
