package io.millrace.stages.hooks.cache;

import io.millrace.plugin.cache.CacheStrategyFactory;
import io.millrace.plugin.tck.CacheStrategyTck;

class PredictiveStrategyTckTest extends CacheStrategyTck {

  @Override
  protected CacheStrategyFactory factory() {
    return PredictiveStrategy.FACTORY;
  }
}
