package io.millrace.stages.hooks.cache;

import io.millrace.plugin.cache.CacheEntry;
import io.millrace.plugin.cache.CacheStrategy;
import io.millrace.plugin.cache.CacheStrategyFactory;
import io.millrace.plugin.cache.CacheTiers;
import java.time.Duration;
import java.time.Instant;

/**
 * The least recently used answer leaves first.
 *
 * @param tiers how long answers are kept
 */
record LruStrategy(CacheTiers tiers) implements CacheStrategy {

  /** Makes it by the name {@code lru}. */
  static final CacheStrategyFactory FACTORY =
      new NamedStrategy(
          "lru",
          "The least recently used answer leaves first.",
          (tiers, config) -> new LruStrategy(tiers));

  @Override
  public Duration timeToLive(CacheEntry entry) {
    return tiers.of(entry.uses());
  }

  @Override
  public double worth(CacheEntry entry, Instant now) {
    return entry.lastUsedAt().toEpochMilli();
  }
}
