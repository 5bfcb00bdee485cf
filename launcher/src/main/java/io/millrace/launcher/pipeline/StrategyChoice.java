package io.millrace.launcher.pipeline;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.routing.RoutingStrategyFactory;
import io.millrace.plugins.EntryPoint.StrategyEntry;
import io.millrace.plugins.LoadedPlugin;
import io.millrace.plugins.schema.ConfigFault;
import io.millrace.plugins.schema.ConfigPath;
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

/**
 * A routing strategy that the configuration names, for all requests or for an alias: a built-in
 * one, or a plugin's.
 */
final class StrategyChoice {

  /** A setting of strategies that are hooks of the chain; elsewhere aliases do that. */
  private static final String TARGETS = "targets";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> VALUES = new TypeReference<>() {};

  private final String path;
  private final String name;
  private final Map<String, Object> own;
  private final List<LoadedPlugin> plugins;

  /**
   * A choice.
   *
   * @param path the section that makes it, with {@code strategy} and {@code settings} below it
   * @param name as it is written there
   * @param own the settings written there
   */
  StrategyChoice(String path, String name, Map<String, Object> own, List<LoadedPlugin> plugins) {
    this.path = path;
    this.name = name;
    this.own = own;
    this.plugins = plugins;
  }

  /** Whether a plugin is the strategy, and so no hook of the chain. */
  boolean is(LoadedPlugin plugin) {
    return builtIn().isEmpty()
        && plugin.name().equals(name)
        && plugin.entry() instanceof StrategyEntry;
  }

  /** The strategy; only after {@link #faults()} was empty. */
  StrategySetting setting() {
    return builtIn()
        .map(factory -> new StrategySetting(name, factory, values(factory)))
        .or(this::fromPlugin)
        .orElseThrow(() -> new IllegalStateException("no strategy " + name));
  }

  /** What is wrong with it. */
  List<ConfigFault> faults() {
    Optional<RoutingStrategyFactory> builtIn = builtIn();
    if (builtIn.isPresent()) {
      return faults(builtIn.get());
    }
    if (fromPlugin().isEmpty()) {
      return List.of(unknown());
    }
    return own.isEmpty()
        ? List.of()
        : List.of(
            new ConfigFault(
                settingsPath(), "is for built-in strategies: write it under plugins[].config"));
  }

  private ConfigFault unknown() {
    List<String> known = new ArrayList<>();
    BuiltInStrategies.all().forEach(factory -> known.add(factory.name().replace('-', '_')));
    plugins.stream()
        .filter(plugin -> plugin.entry() instanceof StrategyEntry)
        .forEach(plugin -> known.add(plugin.name()));
    return new ConfigFault(
        ConfigPath.member(path, "strategy"),
        "there is no strategy '%s', and no plugin brings it; %s"
            .formatted(name, Suggestion.of(name, known)));
  }

  private String settingsPath() {
    return ConfigPath.member(path, "settings");
  }

  private Optional<RoutingStrategyFactory> builtIn() {
    return BuiltInStrategies.find(name);
  }

  private Optional<StrategySetting> fromPlugin() {
    return plugins.stream()
        .filter(plugin -> plugin.name().equals(name))
        .flatMap(
            plugin ->
                plugin.entry() instanceof StrategyEntry entry
                    ? Optional.of(setting(plugin, entry)).stream()
                    : Optional.<StrategySetting>empty().stream())
        .findFirst();
  }

  private static StrategySetting setting(LoadedPlugin plugin, StrategyEntry entry) {
    Map<String, Object> config = new HashMap<>(plugin.config());
    config.remove(TARGETS);
    return new StrategySetting(plugin.name(), entry.factory(), config);
  }

  private List<ConfigFault> faults(RoutingStrategyFactory factory) {
    String schema = factory.configSchema();
    if (schema == null) {
      return List.of();
    }
    ObjectNode tree = JSON.valueToTree(own);
    SchemaFaults words = new SchemaFaults(tree, settingsPath());
    return JsonSchema.parse(schema).violations(tree).stream()
        .map(words::describe)
        .distinct()
        .toList();
  }

  private Map<String, Object> values(RoutingStrategyFactory factory) {
    String schema = factory.configSchema();
    if (schema == null) {
      return own;
    }
    ObjectNode tree = JSON.valueToTree(own);
    return JSON.convertValue(JsonSchema.parse(schema).withDefaults(tree), VALUES);
  }
}
