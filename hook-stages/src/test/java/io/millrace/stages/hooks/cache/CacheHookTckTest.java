package io.millrace.stages.hooks.cache;

import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.tck.HookTck;
import java.util.List;
import java.util.Map;

/** The cache keeps to the contract of hooks. */
class CacheHookTckTest extends HookTck {

  @Override
  protected HookFactory factory() {
    return new CacheHookFactory();
  }

  @Override
  protected List<Map<String, Object>> configurations() {
    return List.of(
        Map.of(),
        Map.of("scope", "content", "event_sample", 1),
        Map.of("strategy", "lru", "ttl", Map.of("hot", "1s"), "coalesce", false),
        Map.of(
            "strategy",
            "predictive",
            "max_temperature",
            0.5,
            "prediction",
            Map.of("confidence", 0.1, "min_observations", 1)));
  }
}
