package io.millrace.stages.hooks.cache;

import io.millrace.plugin.cache.CacheEntry;
import io.millrace.plugin.cache.CacheStrategy;
import io.millrace.plugin.cache.CacheStrategyFactory;
import io.millrace.plugin.cache.CacheTiers;
import io.millrace.plugin.cache.Succession;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * As {@link ScoreStrategy}, and fetches ahead what most often follows.
 *
 * @param score what leaves first
 * @param confidence the least share of the most frequent successor
 * @param minObservations how often any successor must have been seen
 */
record PredictiveStrategy(ScoreStrategy score, double confidence, long minObservations)
    implements CacheStrategy {

  /** Makes it by the name {@code predictive}. */
  static final CacheStrategyFactory FACTORY =
      new NamedStrategy(
          "predictive",
          "As score, and fetches ahead the request that most often follows.",
          PredictiveStrategy::of);

  private static CacheStrategy of(CacheTiers tiers, Map<String, Object> config) {
    CacheConfig.Prediction prediction = CacheConfig.of(config).prediction();
    return new PredictiveStrategy(
        new ScoreStrategy(tiers), prediction.confidence(), prediction.minObservations());
  }

  @Override
  public Duration timeToLive(CacheEntry entry) {
    return score.timeToLive(entry);
  }

  @Override
  public double worth(CacheEntry entry, Instant now) {
    return score.worth(entry, now);
  }

  @Override
  public boolean predicts() {
    return true;
  }

  @Override
  public boolean fetchAhead(Succession succession) {
    return succession.total() >= minObservations && succession.confidence() >= confidence;
  }
}
