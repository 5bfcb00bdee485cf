package io.millrace.stages.routing.strategies;

import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.routing.RoutingStrategy;
import io.millrace.plugin.routing.RoutingStrategyFactory;
import java.util.Map;
import java.util.function.Supplier;

/** Creates a strategy without settings. */
record SimpleStrategyFactory(String name, String description, Supplier<RoutingStrategy> strategies)
    implements RoutingStrategyFactory {

  private static final String NO_SETTINGS =
      """
      {"type":"object","additionalProperties":false,"properties":{}}\
      """;

  @Override
  public String configSchema() {
    return NO_SETTINGS;
  }

  @Override
  public RoutingStrategy create(Map<String, Object> config, HookEnvironment environment) {
    return strategies.get();
  }
}
