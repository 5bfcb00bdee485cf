package io.millrace.stages.hooks.cache;

import io.millrace.plugin.cache.CacheStrategy;
import java.time.Duration;

/**
 * How long answers may be used.
 *
 * @param config bounds it
 * @param strategy says, where nothing else does
 */
record Lifetime(CacheConfig config, CacheStrategy strategy) {

  /** By how much clocks of instances may differ before an answer counts as from the future. */
  static final Duration MAX_SKEW = Duration.ofMinutes(1);

  boolean isLive(StoredAnswer stored, long size, long nowMillis) {
    long ageMillis = nowMillis - stored.storedAtMillis();
    return ageMillis >= -MAX_SKEW.toMillis() && ageMillis < millis(stored, size);
  }

  private long millis(StoredAnswer stored, long size) {
    long maxMillis = config.maxTtl().toMillis();
    if (stored.predicted()) {
      return Math.min(maxMillis, config.prediction().ttl().toMillis());
    }
    if (stored.ownLifeMillis() > 0) {
      return Math.min(maxMillis, stored.ownLifeMillis());
    }
    Duration life = strategy.timeToLive(stored.facts(size));
    if (!life.isPositive()) {
      return 0;
    }
    return life.compareTo(config.maxTtl()) < 0 ? life.toMillis() : maxMillis;
  }
}
