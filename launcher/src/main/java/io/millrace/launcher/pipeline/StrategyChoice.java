package io.millrace.launcher.pipeline;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.plugin.routing.RoutingStrategyFactory;
import io.millrace.plugins.EntryPoint.StrategyEntry;
import io.millrace.plugins.LoadedPlugin;
import io.millrace.plugins.schema.ConfigFault;
import io.millrace.plugins.schema.JsonSchema;
import io.millrace.plugins.schema.SchemaFaults;
import io.millrace.plugins.schema.Suggestion;
import io.millrace.stages.routing.StrategySetting;
import io.millrace.stages.routing.strategies.BuiltInStrategies;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The routing strategy that the configuration names: a built-in one, or a plugin's. */
final class StrategyChoice {

  private static final String KEY = "routing.strategy";
  private static final String SETTINGS = "routing.settings";

  /** A setting of strategies that are hooks of the chain; elsewhere aliases do that. */
  private static final String TARGETS = "targets";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> VALUES = new TypeReference<>() {};

  private final MillraceConfig.Routing routing;
  private final List<LoadedPlugin> plugins;

  StrategyChoice(MillraceConfig.Routing routing, List<LoadedPlugin> plugins) {
    this.routing = routing;
    this.plugins = plugins;
  }

  /** Whether a plugin is the strategy, and so no hook of the chain. */
  boolean is(LoadedPlugin plugin) {
    return builtIn().isEmpty()
        && plugin.name().equals(routing.strategy())
        && plugin.entry() instanceof StrategyEntry;
  }

  /** The strategy; only after {@link #faults()} was empty. */
  StrategySetting setting() {
    return builtIn()
        .map(factory -> new StrategySetting(routing.strategy(), factory, values(factory)))
        .or(this::fromPlugin)
        .orElseThrow(() -> new IllegalStateException("no strategy " + routing.strategy()));
  }

  /** What is wrong with it. */
  List<ConfigFault> faults() {
    Optional<RoutingStrategyFactory> builtIn = builtIn();
    if (builtIn.isPresent()) {
      return faults(builtIn.get());
    }
    if (fromPlugin().isEmpty()) {
      List<String> known = new ArrayList<>();
      BuiltInStrategies.all().forEach(factory -> known.add(factory.name().replace('-', '_')));
      plugins.stream()
          .filter(plugin -> plugin.entry() instanceof StrategyEntry)
          .forEach(plugin -> known.add(plugin.name()));
      return List.of(
          new ConfigFault(
              KEY,
              "there is no strategy '%s', and no plugin brings it; %s"
                  .formatted(routing.strategy(), Suggestion.of(routing.strategy(), known))));
    }
    return routing.settings().isEmpty()
        ? List.of()
        : List.of(
            new ConfigFault(
                SETTINGS, "is for built-in strategies: write it under plugins[].config"));
  }

  private Optional<RoutingStrategyFactory> builtIn() {
    return BuiltInStrategies.find(routing.strategy());
  }

  private Optional<StrategySetting> fromPlugin() {
    return plugins.stream()
        .filter(plugin -> plugin.name().equals(routing.strategy()))
        .flatMap(
            plugin ->
                plugin.entry() instanceof StrategyEntry entry
                    ? Optional.of(setting(plugin, entry)).stream()
                    : Optional.<StrategySetting>empty().stream())
        .findFirst();
  }

  private static StrategySetting setting(LoadedPlugin plugin, StrategyEntry entry) {
    Map<String, Object> own = new HashMap<>(plugin.config());
    own.remove(TARGETS);
    return new StrategySetting(plugin.name(), entry.factory(), own);
  }

  private List<ConfigFault> faults(RoutingStrategyFactory factory) {
    String schema = factory.configSchema();
    if (schema == null) {
      return List.of();
    }
    ObjectNode tree = JSON.valueToTree(routing.settings());
    SchemaFaults words = new SchemaFaults(tree, SETTINGS);
    return JsonSchema.parse(schema).violations(tree).stream()
        .map(words::describe)
        .distinct()
        .toList();
  }

  private Map<String, Object> values(RoutingStrategyFactory factory) {
    String schema = factory.configSchema();
    if (schema == null) {
      return routing.settings();
    }
    ObjectNode tree = JSON.valueToTree(routing.settings());
    return JSON.convertValue(JsonSchema.parse(schema).withDefaults(tree), VALUES);
  }
}
