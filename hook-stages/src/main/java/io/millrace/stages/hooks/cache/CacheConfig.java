package io.millrace.stages.hooks.cache;

import io.millrace.plugin.cache.CacheTiers;
import io.millrace.stages.hooks.settings.DurationText;
import io.millrace.stages.hooks.settings.Settings;
import java.time.Duration;
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

  private static final String DEFAULT_STRATEGY = "score";
  private static final int MAX_NAME_CHARACTERS = 64;

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

    private static Prediction of(Settings settings) {
      return new Prediction(
          settings.number("confidence", 0.6, 0, 1),
          settings.integer("min_observations", 5, 1, 1_000),
          settings.integer("budget_per_hour", 60, 0, 1_000_000),
          life(settings, "ttl", Duration.ofMinutes(5)),
          (int) settings.integer("max_requests", 1_000, 1, 1_000_000));
    }
  }

  /** The names that {@code scope} takes. */
  private enum Sharing {
    TENANT,
    CONTENT
  }

  /**
   * Reads a configuration.
   *
   * @throws IllegalArgumentException naming the key that is wrong and what is right
   */
  static CacheConfig of(Map<String, Object> config) {
    Settings settings =
        Settings.of(
            config,
            "scope",
            "strategy",
            "strategy_config",
            "ttl",
            "max_ttl",
            "max_entries",
            "max_bytes",
            "max_entry_bytes",
            "coalesce",
            "max_temperature",
            "event_sample",
            "prediction");
    String strategy = settings.text("strategy", MAX_NAME_CHARACTERS);
    return new CacheConfig(
        settings.oneOf("scope", Sharing.TENANT) == Sharing.CONTENT,
        strategy == null ? DEFAULT_STRATEGY : strategy,
        tiers(settings.section("ttl", "hot", "warm", "cold")),
        life(settings, "max_ttl", Duration.ofDays(7)),
        settings.integer("max_entries", 100_000, 1, 10_000_000),
        settings.integer("max_bytes", 256L << 20, 1_024, 1L << 40),
        (int) settings.integer("max_entry_bytes", 256L << 10, 256, 1L << 20),
        settings.flag("coalesce", true),
        settings.number("max_temperature", 0, 2),
        settings.number("event_sample", 0.01, 0, 1),
        Prediction.of(
            settings.section(
                "prediction",
                "confidence",
                "min_observations",
                "budget_per_hour",
                "ttl",
                "max_requests")));
  }

  private static CacheTiers tiers(Settings ttl) {
    CacheTiers normal = CacheTiers.DEFAULT;
    return new CacheTiers(
        life(ttl, "hot", normal.hot()),
        life(ttl, "warm", normal.warm()),
        life(ttl, "cold", normal.cold()));
  }

  private static Duration life(Settings settings, String key, Duration fallback) {
    return settings.duration(key, fallback, DurationText.MIN, DurationText.MAX);
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
