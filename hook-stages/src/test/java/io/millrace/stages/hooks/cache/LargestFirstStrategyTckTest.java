package io.millrace.stages.hooks.cache;

import io.millrace.plugin.cache.CacheStrategyFactory;
import io.millrace.plugin.tck.CacheStrategyTck;

class LargestFirstStrategyTckTest extends CacheStrategyTck {

  @Override
  protected CacheStrategyFactory factory() {
    return new LargestFirstStrategy();
  }
}
