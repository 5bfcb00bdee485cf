package io.millrace.stages.hooks.cache;

import java.util.Locale;

/** What a cache counts under each scope key. The order is that of the state: add at the end. */
enum Count {
  /** Answers from the cache. */
  HITS,
  /** Requests whose answer was not there. */
  MISSES,
  /** Requests that took the answer of another one in flight; each was a miss before. */
  COALESCED,
  /** Answers stored. */
  SETS,
  /** Answers removed for want of room. */
  EVICTED,
  /** Answers removed because their time was over. */
  EXPIRED,
  /** Answers that were not stored: too large, or no room to be made. */
  REJECTED,
  /** Answers fetched ahead. */
  FETCHED,
  /** Of those, the ones that somebody used. */
  PREDICTED_HITS,
  /** Of those, the ones that left unused. */
  PREDICTED_WASTE,
  /** What hits and coalesced requests would have cost, in nano-dollars. */
  SAVED_NANOS;

  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
