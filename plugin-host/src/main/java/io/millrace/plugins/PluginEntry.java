package io.millrace.plugins;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the configuration's {@code plugins}.
 *
 * @param name what the plugin is called in the chain
 * @param source where it comes from, see {@link PluginSource#of}; null when the name says it all
 * @param type whether the source is here or elsewhere; null when the source shows it
 * @param config the plugin's own settings, {@code env.} names already replaced; copied
 * @param fromEnvironment paths below {@code config} whose values came from variables, such as
 *     {@code limits[0].rate}: they are text and may have to become numbers; copied
 */
public record PluginEntry(
    String name,
    @Nullable String source,
    @Nullable Type type,
    Map<String, Object> config,
    Set<String> fromEnvironment) {

  /** Where a source is. */
  public enum Type {
    /** On this machine: built in, or a path. */
    LOCAL,
    /** In a Maven repository. */
    REMOTE
  }

  /** Copies the collections. */
  public PluginEntry {
    Objects.requireNonNull(name, "name");
    config = Map.copyOf(config);
    fromEnvironment = Set.copyOf(fromEnvironment);
  }

  /** An entry without settings. */
  public static PluginEntry of(String name, @Nullable String source) {
    return new PluginEntry(name, source, null, Map.of(), Set.of());
  }
}
