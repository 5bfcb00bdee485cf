package io.millrace.plugin.cache;

import java.util.Map;

/**
 * Creates a cache strategy; found as a {@link java.util.ServiceLoader} service. Needs a public
 * constructor without parameters.
 */
public interface CacheStrategyFactory {

  /** What the configuration calls it: 1 to 64 lower case letters, digits and hyphens. */
  String name();

  /** One sentence, for lists. */
  String description();

  /**
   * Creates the strategy; called once per cache.
   *
   * @param tiers how long answers are kept, as configured
   * @param config the cache's whole configuration; a strategy's own settings are under {@code
   *     strategy_config}; immutable
   * @throws IllegalArgumentException when the configuration is wrong: says which key and what is
   *     right
   */
  CacheStrategy create(CacheTiers tiers, Map<String, Object> config);
}
