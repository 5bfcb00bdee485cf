package io.millrace.stages.hooks.cache;

import io.millrace.plugin.cache.CacheStrategy;
import io.millrace.plugin.cache.CacheStrategyFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** The strategies there are: the built-in ones and those on the class path. */
final class Strategies {

  private static final List<CacheStrategyFactory> BUILT_IN =
      List.of(LruStrategy.FACTORY, ScoreStrategy.FACTORY, PredictiveStrategy.FACTORY);

  private Strategies() {}

  /**
   * Makes the strategy that a configuration names.
   *
   * @throws IllegalArgumentException when there is none of the name, or two
   */
  static CacheStrategy create(CacheConfig settings, Map<String, Object> config) {
    List<CacheStrategyFactory> all = new ArrayList<>(BUILT_IN);
    ServiceLoader.load(CacheStrategyFactory.class, Strategies.class.getClassLoader())
        .forEach(all::add);
    List<CacheStrategyFactory> named =
        all.stream().filter(factory -> factory.name().equals(settings.strategy())).toList();
    if (named.size() != 1) {
      throw new IllegalArgumentException(
          "strategy must be one of %s, is '%s'%s"
              .formatted(
                  all.stream().map(CacheStrategyFactory::name).toList(),
                  settings.strategy(),
                  named.isEmpty() ? "" : ", which is there " + named.size() + " times"));
    }
    return named.getFirst().create(settings.tiers(), config);
  }
}
