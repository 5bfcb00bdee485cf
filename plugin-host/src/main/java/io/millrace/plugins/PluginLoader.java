package io.millrace.plugins;

import io.millrace.plugins.schema.ConfigFault;
import io.millrace.plugins.schema.ConfigPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Turns the configuration's {@code plugins} into loaded plugins: finds, compiles or fetches each,
 * loads it apart from the host and from the others, and holds its settings to its schema. Starts
 * nothing.
 */
public final class PluginLoader {

  private final PluginOpener opener;

  /**
   * A loader.
   *
   * @param builtIn factories that come with Millrace, of any kind
   */
  public PluginLoader(PluginHostConfig config, List<?> builtIn) {
    this.opener = new PluginOpener(config, builtIn.stream().map(EntryPoint::of).toList());
  }

  /**
   * Loads every entry. Entries of the same source share their classes.
   *
   * @param path where in the file the list stands, for faults, e.g. {@code plugins}
   * @return what was loaded, and every fault; the caller closes it
   */
  public LoadedPlugins load(String path, List<PluginEntry> entries) {
    Loading loading = new Loading();
    for (int i = 0; i < entries.size(); i++) {
      loading.add(ConfigPath.element(path, i), entries.get(i));
    }
    return loading.result();
  }

  /**
   * Everything that one source has to offer, with no settings checked.
   *
   * @return the caller closes it; as many plugins as the source has, or one fault
   */
  public LoadedPlugins inspect(String source) {
    Loading loading = new Loading();
    loading.inspect(() -> PluginSource.of("", source, null));
    return loading.result();
  }

  /**
   * Everything that needs no source in the configuration: what comes with Millrace, then what lies
   * in the plugins folder.
   *
   * @return the caller closes it; a fault for each file or folder that is no plugin
   */
  public LoadedPlugins available() {
    Loading loading = new Loading();
    opener.sources().forEach(source -> loading.inspect(() -> source));
    return loading.result();
  }

  private static LoadedPlugin loaded(
      String name, EntryPoint entry, OpenedPlugin plugin, Map<String, Object> config) {
    return new LoadedPlugin(name, entry, plugin.origin(), plugin.version(), config);
  }

  private static String message(PluginException refusal) {
    return Objects.requireNonNullElse(refusal.getMessage(), refusal.toString());
  }

  /** The state of one call. */
  private final class Loading {

    private final Map<PluginSource, OpenedPlugin> opened = new HashMap<>();
    private final List<Optional<LoadedPlugin>> plugins = new ArrayList<>();
    private final List<ConfigFault> faults = new ArrayList<>();

    void add(String path, PluginEntry entry) {
      try {
        plugins.add(load(path, entry));
      } catch (PluginException e) {
        plugins.add(Optional.empty());
        faults.add(new ConfigFault(path, message(e)));
      }
    }

    private Optional<LoadedPlugin> load(String path, PluginEntry entry) {
      String text = entry.source();
      PluginSource source =
          text == null
              ? opener.byName(entry.name())
              : PluginSource.of(entry.name(), text, entry.type());
      OpenedPlugin plugin = open(source);
      EntryPoint point = plugin.entryFor(entry.name());
      PluginSettings settings =
          PluginSettings.check(
              ConfigPath.member(path, "config"),
              point.configSchema(),
              entry.config(),
              entry.fromEnvironment());
      faults.addAll(settings.faults());
      return settings.faults().isEmpty()
          ? Optional.of(loaded(entry.name(), point, plugin, settings.values()))
          : Optional.empty();
    }

    void inspect(Supplier<PluginSource> source) {
      try {
        OpenedPlugin plugin = open(source.get());
        plugin
            .entries()
            .forEach(
                entry -> plugins.add(Optional.of(loaded(entry.name(), entry, plugin, Map.of()))));
      } catch (PluginException e) {
        faults.add(new ConfigFault(ConfigPath.ROOT, message(e)));
      }
    }

    LoadedPlugins result() {
      return new LoadedPlugins(plugins, faults, List.copyOf(opened.values()));
    }

    OpenedPlugin open(PluginSource source) {
      OpenedPlugin known = opened.get(source);
      if (known == null) {
        known = opener.open(source);
        opened.put(source, known);
      }
      return known;
    }
  }
}
