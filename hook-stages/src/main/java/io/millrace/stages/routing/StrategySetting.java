package io.millrace.stages.routing;

import io.millrace.plugin.routing.RoutingStrategyFactory;
import io.millrace.stages.routing.strategies.BuiltInStrategies;
import java.util.Map;
import java.util.Objects;

/**
 * The strategy in force.
 *
 * @param name what the configuration calls it
 * @param factory what creates it
 * @param config its settings, which have met its schema; copied
 */
public record StrategySetting(
    String name, RoutingStrategyFactory factory, Map<String, Object> config) {

  /** Copies the settings. */
  public StrategySetting {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(factory, "factory");
    config = Map.copyOf(config);
  }

  /** A built-in strategy without settings. */
  public static StrategySetting of(String name) {
    RoutingStrategyFactory factory =
        BuiltInStrategies.find(name)
            .orElseThrow(() -> new IllegalArgumentException("no strategy " + name));
    return new StrategySetting(name, factory, Map.of());
  }
}
