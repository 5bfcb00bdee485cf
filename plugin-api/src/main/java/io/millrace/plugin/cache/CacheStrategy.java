package io.millrace.plugin.cache;

import java.time.Duration;
import java.time.Instant;

/**
 * Decides what a cache keeps. Pure: the same facts give the same answer. One instance serves all
 * threads. What it throws ends the call of the cache, and the request goes on as the cache's {@code
 * on_error} says.
 */
public interface CacheStrategy {

  /**
   * How long an answer is kept, from when it was stored. Asked whenever the answer is looked at, so
   * it may change with use. The cache's {@code max_ttl} holds all the same; nothing positive means
   * not at all.
   */
  Duration timeToLive(CacheEntry entry);

  /**
   * What an answer is worth now: when there is no room, the one worth least leaves. The cache
   * compares a few answers drawn at random, at one time, so the worth may fall as time goes by.
   *
   * @return any number but NaN
   */
  double worth(CacheEntry entry, Instant now);

  /** Whether the cache is to learn which request follows which; that costs writes. */
  default boolean predicts() {
    return false;
  }

  /**
   * Whether to fetch the request that most often follows upon the one at hand. Asked only where
   * {@link #predicts()}, and only when its answer is not there. Budgets are the cache's business.
   */
  default boolean fetchAhead(Succession succession) {
    return false;
  }
}
