package io.millrace.stages.hooks.cache;

import io.millrace.plugin.cache.CacheEntry;
import io.millrace.plugin.cache.CacheStrategy;
import io.millrace.plugin.cache.CacheStrategyFactory;
import io.millrace.plugin.cache.CacheTiers;
import java.time.Duration;
import java.time.Instant;

/**
 * The answer of the lowest frequency × recency leaves first, in the manner of D. Lee et al. (LRFU,
 * IEEE Transactions on Computers 2001): uses lose half their weight with each half-life since the
 * last one. Compared as logarithms, so that nothing overflows or vanishes.
 *
 * @param tiers how long answers are kept
 */
record ScoreStrategy(CacheTiers tiers) implements CacheStrategy {

  /** A use counts half after so long. */
  private static final double HALF_LIFE_MILLIS = Duration.ofMinutes(10).toMillis();

  private static final double LOG_2 = Math.log(2);

  /** Makes it by the name {@code score}. */
  static final CacheStrategyFactory FACTORY =
      new NamedStrategy(
          "score",
          "The answer of the lowest frequency times recency leaves first.",
          (tiers, config) -> new ScoreStrategy(tiers));

  @Override
  public Duration timeToLive(CacheEntry entry) {
    return tiers.of(entry.uses());
  }

  @Override
  public double worth(CacheEntry entry, Instant now) {
    double idleMillis = now.toEpochMilli() - (double) entry.lastUsedAt().toEpochMilli();
    return Math.log((double) entry.uses()) / LOG_2 - idleMillis / HALF_LIFE_MILLIS;
  }
}
