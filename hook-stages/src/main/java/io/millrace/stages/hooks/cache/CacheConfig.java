package io.millrace.stages.hooks.cache;

import io.millrace.plugin.cache.CacheTiers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cache's configuration.
 *
 * @param shared whether tenants share answers
 * @param strategy the name of the strategy
 * @param tiers how long answers are kept, by use
 * @param maxTtl the longest an answer is kept, whatever strategy or request say
 * @param maxEntries how many answers are kept under a scope key
 * @param maxBytes how many bytes they take there
 * @param maxEntryBytes the largest answer stored
 * @param coalesce whether equal requests in flight share a call
 * @param maxTemperature requests above it are not cached; null caches all
 * @param eventSample the share of requests that leave events
 * @param prediction what is fetched ahead
 */
record CacheConfig(
    boolean shared,
    String strategy,
    CacheTiers tiers,
    Duration maxTtl,
    long maxEntries,
    long maxBytes,
    int maxEntryBytes,
    boolean coalesce,
    @Nullable Double maxTemperature,
    double eventSample,
    Prediction prediction) {

  /**
   * What is fetched ahead, where the strategy predicts.
   *
   * @param confidence the least share of the most frequent successor
   * @param minObservations how often any successor must have been seen
   * @param budgetPerHour how many requests are fetched ahead in an hour under a scope key
   * @param ttl how long such an answer is kept while nobody uses it
   * @param maxRequests how many requests the model knows under a scope key
   */
  record Prediction(
      double confidence, long minObservations, long budgetPerHour, Duration ttl, int maxRequests) {

    static Prediction of(Setting settings) {
      return new Prediction(
          settings.real("confidence", 0.6, 0, 1),
          settings.whole("min_observations", 5, 1, 1_000),
          settings.whole("budget_per_hour", 60, 0, 1_000_000),
          settings.duration("ttl", Duration.ofMinutes(5)),
          (int) settings.whole("max_requests", 1_000, 1, 1_000_000));
    }
  }

  /**
   * Reads a configuration.
   *
   * @throws IllegalArgumentException naming the key that is wrong and what is right
   */
  static CacheConfig of(Map<String, Object> config) {
    Setting settings = Setting.of(config);
    Setting ttl = settings.section("ttl");
    CacheTiers normal = CacheTiers.DEFAULT;
    long maxBytes = settings.whole("max_bytes", 256L << 20, 1_024, 1L << 40);
    return new CacheConfig(
        settings.choice("scope", "tenant", List.of("tenant", "content")).equals("content"),
        settings.text("strategy", "score"),
        new CacheTiers(
            ttl.duration("hot", normal.hot()),
            ttl.duration("warm", normal.warm()),
            ttl.duration("cold", normal.cold())),
        settings.duration("max_ttl", Duration.ofDays(7)),
        settings.whole("max_entries", 100_000, 1, 10_000_000),
        maxBytes,
        (int) settings.whole("max_entry_bytes", 256L << 10, 256, 1L << 20),
        settings.flag("coalesce", true),
        settings.has("max_temperature") ? settings.real("max_temperature", 0, 0, 2) : null,
        settings.real("event_sample", 0.01, 0, 1),
        Prediction.of(settings.section("prediction")));
  }

  /** The bounds of one share of a cache that all tenants share. */
  CacheConfig perShare(int shares) {
    return new CacheConfig(
        shared,
        strategy,
        tiers,
        maxTtl,
        Math.ceilDiv(maxEntries, shares),
        Math.ceilDiv(maxBytes, shares),
        maxEntryBytes,
        coalesce,
        maxTemperature,
        eventSample,
        new Prediction(
            prediction.confidence,
            prediction.minObservations,
            Math.ceilDiv(prediction.budgetPerHour, shares),
            prediction.ttl,
            Math.ceilDiv(prediction.maxRequests, shares)));
  }
}
