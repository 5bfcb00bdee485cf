package io.millrace.launcher.pipeline;

import io.millrace.launcher.config.MillraceConfig;
import io.millrace.plugins.LoadedPlugin;
import io.millrace.plugins.schema.ConfigFault;
import io.millrace.plugins.schema.ConfigPath;
import io.millrace.stages.routing.StrategySetting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The routing strategies that the configuration names.
 *
 * @param usual for all requests
 * @param byAlias for the aliases that name their own
 */
record StrategyChoices(StrategyChoice usual, Map<String, StrategyChoice> byAlias) {

  /** What a configuration names, to be found among its plugins or built in. */
  static StrategyChoices of(MillraceConfig config, List<LoadedPlugin> plugins) {
    MillraceConfig.Routing routing = config.routing();
    Map<String, StrategyChoice> byAlias = new LinkedHashMap<>();
    config
        .models()
        .aliasStrategies()
        .forEach(
            (alias, said) ->
                byAlias.put(
                    alias,
                    new StrategyChoice(
                        ConfigPath.member("models.aliases", alias),
                        said.strategy(),
                        said.settings(),
                        plugins)));
    return new StrategyChoices(
        new StrategyChoice("routing", routing.strategy(), routing.settings(), plugins), byAlias);
  }

  /** What is wrong with them. */
  List<ConfigFault> faults() {
    List<ConfigFault> faults = new ArrayList<>(usual.faults());
    byAlias.values().forEach(choice -> faults.addAll(choice.faults()));
    return faults;
  }

  /** The strategies; only after {@link #faults()} was empty. */
  StrategySettings settings() {
    Map<String, StrategySetting> settings = new LinkedHashMap<>();
    byAlias.forEach((alias, choice) -> settings.put(alias, choice.setting()));
    return new StrategySettings(usual.setting(), settings);
  }

  /** Whether a plugin is one of them, and so no hook of the chain. */
  boolean include(LoadedPlugin plugin) {
    return usual.is(plugin) || byAlias.values().stream().anyMatch(choice -> choice.is(plugin));
  }
}
