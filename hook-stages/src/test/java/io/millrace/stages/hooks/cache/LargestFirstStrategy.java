package io.millrace.stages.hooks.cache;

import io.millrace.plugin.cache.CacheEntry;
import io.millrace.plugin.cache.CacheStrategy;
import io.millrace.plugin.cache.CacheStrategyFactory;
import io.millrace.plugin.cache.CacheTiers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** A strategy that is not built in, found as a service. */
public final class LargestFirstStrategy implements CacheStrategyFactory {

  static final String NAME = "largest-first";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "The largest answer leaves first; one of more than a bound brings a fault.";
  }

  @Override
  public CacheStrategy create(CacheTiers tiers, Map<String, Object> config) {
    long faultAbove =
        config.get("strategy_config") instanceof Map<?, ?> own
                && own.get("fault_above") instanceof Number bound
            ? bound.longValue()
            : Long.MAX_VALUE;
    return new CacheStrategy() {
      @Override
      public Duration timeToLive(CacheEntry entry) {
        return Duration.ofMinutes(10);
      }

      @Override
      public double worth(CacheEntry entry, Instant now) {
        if (entry.bytes() > faultAbove) {
          throw new IllegalStateException("too large for this strategy");
        }
        return -entry.bytes();
      }
    };
  }
}
