package io.millrace.launcher.pipeline;

import io.millrace.stages.routing.StrategySetting;
import java.util.Map;

/**
 * The routing strategies in force. Immutable.
 *
 * @param usual ranks where nothing else is said
 * @param byAlias of the aliases that name a strategy of their own
 */
public record StrategySettings(StrategySetting usual, Map<String, StrategySetting> byAlias) {

  /** Copies the map. */
  public StrategySettings {
    byAlias = Map.copyOf(byAlias);
  }

  /** One for all. */
  static StrategySettings of(StrategySetting usual) {
    return new StrategySettings(usual, Map.of());
  }
}
