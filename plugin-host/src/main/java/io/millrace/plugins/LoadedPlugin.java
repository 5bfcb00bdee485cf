package io.millrace.plugins;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A plugin of the configuration, ready to be created.
 *
 * @param name what the configuration calls it
 * @param entry what it is
 * @param origin where it came from, for people: {@code builtin}, a path or coordinates
 * @param version what its jar or its coordinates say, or null
 * @param config its settings with their defaults; they keep to its schema
 */
public record LoadedPlugin(
    String name,
    EntryPoint entry,
    String origin,
    @Nullable String version,
    Map<String, Object> config) {

  /** Copies the settings. */
  public LoadedPlugin {
    config = Map.copyOf(config);
  }

  /** The jar's version, or what the plugin says of itself; empty when neither says anything. */
  public String shownVersion() {
    if (version != null) {
      return version;
    }
    return entry instanceof EntryPoint.HookEntry hook ? hook.factory().descriptor().version() : "";
  }
}
