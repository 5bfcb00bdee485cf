package io.millrace.launcher.pipeline;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.launcher.config.ConfigException;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.config.MillraceConfig.PluginSection;
import io.millrace.launcher.config.ProviderKeys;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.monitor.Monitor;
import io.millrace.plugins.EntryPoint;
import io.millrace.plugins.EntryPoint.EngineEntry;
import io.millrace.plugins.EntryPoint.HookEntry;
import io.millrace.plugins.EntryPoint.LoaderEntry;
import io.millrace.plugins.EntryPoint.MonitorEntry;
import io.millrace.plugins.EntryPoint.ProviderEntry;
import io.millrace.plugins.EntryPoint.StrategyEntry;
import io.millrace.plugins.LoadedPlugin;
import io.millrace.plugins.LoadedPlugins;
import io.millrace.plugins.PluginEntry;
import io.millrace.plugins.PluginHostConfig;
import io.millrace.plugins.PluginLoader;
import io.millrace.plugins.schema.ConfigFault;
import io.millrace.plugins.schema.ConfigPath;
import io.millrace.plugins.schema.Suggestion;
import io.millrace.stages.BuiltInHooks;
import io.millrace.stages.HookSetting;
import io.millrace.workers.WorkerPlugins;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The plugins of a configuration, loaded and checked, for the roles of this process. To be closed
 * after the roles. Immutable until then, thread-safe.
 */
public final class Plugins implements AutoCloseable {

  private static final String SECTION = "plugins";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final MillraceConfig settings;
  private final LoadedPlugins loaded;

  private Plugins(MillraceConfig settings, LoadedPlugins loaded) {
    this.settings = settings;
    this.loaded = loaded;
  }

  /**
   * Loads all of them; nothing is created.
   *
   * @param dataDir where compiled and fetched plugins are kept
   * @throws ConfigException with every fault; nothing stays open then
   */
  public static Plugins load(MillraceConfig settings, Path dataDir) {
    Plugins plugins = tryLoad(settings, dataDir);
    List<ConfigFault> faults = plugins.faults();
    if (!faults.isEmpty()) {
      plugins.close();
      throw new ConfigException("the configuration", faults);
    }
    return plugins;
  }

  /** The same; faults are for the caller to ask for. */
  static Plugins tryLoad(MillraceConfig settings, Path dataDir) {
    List<PluginEntry> entries = settings.plugins().stream().map(Plugins::entry).toList();
    return new Plugins(settings, loader(settings, dataDir).load(SECTION, entries));
  }

  /** What loads the plugins of a configuration. */
  public static PluginLoader loader(MillraceConfig settings, Path dataDir) {
    MillraceConfig.PluginHost host = settings.pluginHost();
    return new PluginLoader(
        new PluginHostConfig(
            host.folder(),
            dataDir.resolve("plugins"),
            host.repositories(),
            host.localRepository(),
            host.offline()),
        BuiltInHooks.all());
  }

  /** Everything that is wrong with them, each at its place. */
  List<ConfigFault> faults() {
    List<ConfigFault> faults = new ArrayList<>(loaded.faults());
    if (faults.isEmpty()) {
      faults.addAll(unknownProviderTypes());
      faults.addAll(choices().faults());
    }
    return faults;
  }

  /** The routing strategies in force. */
  public StrategySettings strategies() {
    return choices().settings();
  }

  private StrategyChoices choices() {
    return StrategyChoices.of(settings, all());
  }

  /** The chain: hooks, and routing strategies but for those that routing or an alias names. */
  public List<HookSetting> hooks() {
    List<HookSetting> chain = new ArrayList<>();
    StrategyChoices choices = choices();
    for (int i = 0; i < settings.plugins().size(); i++) {
      PluginSection section = settings.plugins().get(i);
      loaded
          .plugins()
          .get(i)
          .filter(plugin -> !choices.include(plugin))
          .flatMap(plugin -> hook(section, plugin))
          .ifPresent(chain::add);
    }
    return chain;
  }

  /** What they bring to the workers: provider types, engines, loaders. */
  public WorkerPlugins forWorkers() {
    return new WorkerPlugins(
        each(ProviderEntry.class).map(ProviderEntry::factory).toList(),
        each(EngineEntry.class).map(EngineEntry::factory).toList(),
        each(LoaderEntry.class).map(LoaderEntry::loader).toList());
  }

  /**
   * The monitors that are enabled, by name; the caller closes them.
   *
   * @throws IllegalArgumentException when one refuses its settings
   */
  Map<String, Monitor> createMonitors() {
    Map<String, Monitor> monitors = new LinkedHashMap<>();
    for (int i = 0; i < settings.plugins().size(); i++) {
      if (settings.plugins().get(i).enabled()) {
        loaded.plugins().get(i).ifPresent(plugin -> create(plugin, monitors));
      }
    }
    return monitors;
  }

  /** All but the chain, as far as they run in a process with these roles. */
  List<PluginStatus> othersIn(Set<Role> roles) {
    List<PluginStatus> others = new ArrayList<>();
    for (int i = 0; i < settings.plugins().size(); i++) {
      boolean enabled = settings.plugins().get(i).enabled();
      loaded
          .plugins()
          .get(i)
          .flatMap(plugin -> other(plugin, enabled, roles))
          .ifPresent(others::add);
    }
    return others;
  }

  /** A provider type takes part where the section providers says so, not by this switch. */
  private static Optional<PluginStatus> other(
      LoadedPlugin plugin, boolean enabled, Set<Role> roles) {
    return switch (plugin.entry()) {
      case ProviderEntry provider when roles.contains(Role.PROVIDERS) ->
          Optional.of(new PluginStatus(plugin, true));
      case MonitorEntry monitor when roles.contains(Role.ANALYTICS) ->
          Optional.of(new PluginStatus(plugin, enabled));
      case EngineEntry engine when roles.contains(Role.PROVIDERS) ->
          Optional.of(new PluginStatus(plugin, true));
      case LoaderEntry loader when roles.contains(Role.PROVIDERS) ->
          Optional.of(new PluginStatus(plugin, true));
      case ProviderEntry provider -> Optional.empty();
      case EngineEntry engine -> Optional.empty();
      case LoaderEntry loader -> Optional.empty();
      case MonitorEntry monitor -> Optional.empty();
      case HookEntry hook -> Optional.empty();
      case StrategyEntry strategy -> Optional.empty();
    };
  }

  private static void create(LoadedPlugin plugin, Map<String, Monitor> monitors) {
    if (plugin.entry() instanceof MonitorEntry entry) {
      monitors.put(plugin.name(), entry.factory().create(plugin.config()));
    }
  }

  /** All of them, in the order of the configuration. */
  public List<LoadedPlugin> all() {
    return loaded.plugins().stream().flatMap(Optional::stream).toList();
  }

  /** Closes their class loaders. Idempotent. */
  @Override
  public void close() {
    loaded.close();
  }

  private <T extends EntryPoint> Stream<T> each(Class<T> kind) {
    return all().stream().map(LoadedPlugin::entry).filter(kind::isInstance).map(kind::cast);
  }

  private List<ConfigFault> unknownProviderTypes() {
    Set<String> known = new TreeSet<>(ProviderKeys.BUILT_IN_TYPES);
    each(ProviderEntry.class).forEach(type -> known.add(type.name()));
    List<ConfigFault> faults = new ArrayList<>();
    settings
        .providers()
        .forEach(
            (name, provider) -> {
              if (!known.contains(provider.type())) {
                faults.add(
                    new ConfigFault(
                        ConfigPath.member(ConfigPath.member("providers", name), "type"),
                        "there is no type '%s', and no plugin brings it; %s"
                            .formatted(provider.type(), Suggestion.of(provider.type(), known))));
              }
            });
    return faults;
  }

  private static Optional<HookSetting> hook(PluginSection section, LoadedPlugin plugin) {
    return switch (plugin.entry()) {
      case HookEntry hook -> Optional.of(setting(section, plugin, hook.factory()));
      case StrategyEntry strategy -> Optional.of(setting(section, plugin, strategy.hook()));
      case ProviderEntry provider -> Optional.empty();
      case MonitorEntry monitor -> Optional.empty();
      case EngineEntry engine -> Optional.empty();
      case LoaderEntry loader -> Optional.empty();
    };
  }

  private static HookSetting setting(
      PluginSection section, LoadedPlugin plugin, HookFactory factory) {
    return new HookSetting(
        plugin.name(),
        factory,
        section.onError(),
        section.order(),
        section.enabled(),
        plugin.config());
  }

  /** An entry as the loader takes it. */
  public static PluginEntry entry(PluginSection section) {
    return new PluginEntry(
        section.name(),
        section.source(),
        section.type(),
        map(section.config()),
        section.fromEnvironment());
  }

  private static Map<String, Object> map(JsonNode config) {
    return MAPPER.convertValue(config, new TypeReference<Map<String, Object>>() {});
  }
}
