package io.millrace.stages.hooks.cache;

import io.millrace.plugin.cache.CacheStrategyFactory;
import io.millrace.plugin.tck.CacheStrategyTck;

class ScoreStrategyTckTest extends CacheStrategyTck {

  @Override
  protected CacheStrategyFactory factory() {
    return ScoreStrategy.FACTORY;
  }
}
