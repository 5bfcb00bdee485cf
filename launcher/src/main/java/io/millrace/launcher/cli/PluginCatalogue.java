package io.millrace.launcher.cli;

import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.config.MillraceConfig.PluginSection;
import io.millrace.launcher.pipeline.Plugins;
import io.millrace.plugins.LoadedPlugin;
import io.millrace.plugins.LoadedPlugins;
import io.millrace.plugins.schema.ConfigFault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The plugins that the configuration names, and those that it could name without a source. Holds
 * their classes until it is closed.
 */
final class PluginCatalogue implements AutoCloseable {

  private final Map<String, PluginSection> sections;
  private final Plugins configured;
  private final LoadedPlugins available;

  private PluginCatalogue(
      Map<String, PluginSection> sections, Plugins configured, LoadedPlugins available) {
    this.sections = sections;
    this.configured = configured;
    this.available = available;
  }

  static PluginCatalogue open(MillraceConfig config, Path dataDir) {
    Map<String, PluginSection> sections =
        config.plugins().stream()
            .collect(Collectors.toMap(PluginSection::name, Function.identity()));
    return new PluginCatalogue(
        sections, Plugins.load(config, dataDir), Plugins.loader(config, dataDir).available());
  }

  /** First the configured ones in their order, then the others. */
  List<PluginRow> rows() {
    List<PluginRow> rows = new ArrayList<>();
    Set<String> origins = new HashSet<>();
    for (LoadedPlugin plugin : configured.all()) {
      PluginSection section = sections.get(plugin.name());
      rows.add(PluginRow.of(plugin, true, section == null || section.enabled()));
      origins.add(identity(plugin));
    }
    others()
        .filter(plugin -> !origins.contains(identity(plugin)))
        .forEach(plugin -> rows.add(PluginRow.of(plugin, false, false)));
    return rows;
  }

  /** The plugin of a name: a configured one before one that is only available. */
  Optional<LoadedPlugin> find(String name) {
    return Stream.concat(configured.all().stream(), others())
        .filter(plugin -> plugin.name().equals(name))
        .findFirst();
  }

  /** What lies in the plugins folder and is no plugin. */
  List<ConfigFault> faults() {
    return available.faults();
  }

  @Override
  public void close() {
    try (available) {
      configured.close();
    }
  }

  private Stream<LoadedPlugin> others() {
    return available.plugins().stream().flatMap(Optional::stream);
  }

  private static String identity(LoadedPlugin plugin) {
    return plugin.origin() + " " + plugin.entry().name();
  }
}
