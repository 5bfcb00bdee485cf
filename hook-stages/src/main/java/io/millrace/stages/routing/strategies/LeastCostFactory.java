package io.millrace.stages.routing.strategies;

import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.routing.RoutingStrategy;
import io.millrace.plugin.routing.RoutingStrategyFactory;
import io.millrace.stages.hooks.settings.DurationText;
import java.time.Duration;
import java.util.Map;

/** Creates {@link LeastCost}. */
record LeastCostFactory(String durationPattern) implements RoutingStrategyFactory {

  @Override
  public String name() {
    return "least-cost";
  }

  @Override
  public String description() {
    return "The cheapest that is accurate and quick enough.";
  }

  @Override
  public String configSchema() {
    return """
    {"type":"object","additionalProperties":false,"properties":{
      "min_accuracy":{"type":"number","minimum":0,"maximum":1,
        "description":"How accurate a model must be that does not say itself what is enough."},
      "max_latency":{"type":"string","pattern":"%s","examples":["2s"],
        "description":"How slow one may be that does not say itself what is enough."}}}\
    """
        .formatted(durationPattern);
  }

  @Override
  public RoutingStrategy create(Map<String, Object> config, HookEnvironment environment) {
    Double accuracy =
        config.get("min_accuracy") instanceof Number number ? number.doubleValue() : null;
    Duration latency =
        config.get("max_latency") instanceof String text ? DurationText.parse(text) : null;
    return new LeastCost(accuracy, latency);
  }
}
