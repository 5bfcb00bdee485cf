package io.millrace.stages.hooks.cache;

import io.millrace.plugin.hook.Meters;
import java.util.Map;

/** The cache's meters; names and tags stand here and nowhere else. Thread-safe. */
final class CacheMeters {

  static final String REQUESTS = "millrace.cache.requests";
  static final String REMOVED = "millrace.cache.removed";
  static final String STORED = "millrace.cache.stored";
  static final String REJECTED = "millrace.cache.rejected";
  static final String PREDICTED = "millrace.cache.predicted";
  static final String SAVED_CALLS = "millrace.cache.saved.calls";
  static final String SAVED_NANOS = "millrace.cache.saved.nanos";

  private final Meters meters;

  CacheMeters(Meters meters) {
    this.meters = meters;
  }

  /** What became of a request at the cache. */
  void request(Result result) {
    meters.count(REQUESTS, Map.of("result", result.wireName()), 1);
  }

  /** A call that was not made. */
  void saved(long nanos) {
    meters.count(SAVED_CALLS, Map.of(), 1);
    if (nanos > 0) {
      meters.count(SAVED_NANOS, Map.of(), nanos);
    }
  }

  /** What happened to stored answers. */
  void count(Count what, long amount) {
    switch (what) {
      case SETS -> meters.count(STORED, Map.of(), amount);
      case EVICTED -> meters.count(REMOVED, Map.of("cause", "room"), amount);
      case EXPIRED -> meters.count(REMOVED, Map.of("cause", "age"), amount);
      case REJECTED -> meters.count(REJECTED, Map.of(), amount);
      case FETCHED -> meters.count(PREDICTED, Map.of("result", "fetched"), amount);
      case PREDICTED_HITS -> meters.count(PREDICTED, Map.of("result", "hit"), amount);
      case PREDICTED_WASTE -> meters.count(PREDICTED, Map.of("result", "wasted"), amount);
      case HITS, MISSES, COALESCED, SAVED_NANOS -> {
        // Counted as requests and as saved calls, per process.
      }
    }
  }
}
