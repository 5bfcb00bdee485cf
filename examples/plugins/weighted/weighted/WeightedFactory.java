package weighted;

import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.routing.RoutingStrategy;
import io.millrace.plugin.routing.RoutingStrategyFactory;
import java.util.HashMap;
import java.util.Map;

/** Creates the routing strategy {@code weighted}. */
public final class WeightedFactory implements RoutingStrategyFactory {

  @Override
  public String name() {
    return "weighted";
  }

  @Override
  public String description() {
    return "Splits requests between targets by weight.";
  }

  @Override
  public String configSchema() {
    return """
    {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "weights": {
          "description": "By provider/model; a target that is not named weighs 1.",
          "type": "object",
          "additionalProperties": {"type": "number", "exclusiveMinimum": 0},
          "default": {}
        }
      }
    }
    """;
  }

  @Override
  public RoutingStrategy create(Map<String, Object> config, HookEnvironment environment) {
    Map<String, Double> weights = new HashMap<>();
    ((Map<?, ?>) config.getOrDefault("weights", Map.of()))
        .forEach((target, weight) -> weights.put((String) target, ((Number) weight).doubleValue()));
    return new Weighted(weights);
  }
}
