package io.millrace.stages.hooks.cache;

import io.millrace.plugin.cache.CacheStrategy;
import io.millrace.plugin.cache.CacheStrategyFactory;
import io.millrace.plugin.cache.CacheTiers;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Makes a built-in strategy.
 *
 * @param name by which configurations choose it
 * @param description one sentence
 * @param made of tiers and the cache's configuration
 */
record NamedStrategy(
    String name,
    String description,
    BiFunction<CacheTiers, Map<String, Object>, CacheStrategy> made)
    implements CacheStrategyFactory {

  @Override
  public CacheStrategy create(CacheTiers tiers, Map<String, Object> config) {
    return made.apply(tiers, config);
  }
}
