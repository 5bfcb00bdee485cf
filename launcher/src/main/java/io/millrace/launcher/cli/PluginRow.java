package io.millrace.launcher.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugins.EntryPoint.HookEntry;
import io.millrace.plugins.LoadedPlugin;
import java.util.Locale;
import java.util.Optional;

/**
 * A plugin in a list.
 *
 * @param name what the configuration calls it, or it calls itself
 * @param kind hook, provider, strategy or monitor
 * @param version its jar's or its own; may be empty
 * @param source builtin, a path or coordinates
 * @param scope by what a hook's state is kept; empty for other kinds
 * @param configured whether the configuration names it
 * @param enabled whether it takes part
 * @param description one sentence; may be empty
 */
record PluginRow(
    @JsonProperty("name") String name,
    @JsonProperty("kind") String kind,
    @JsonProperty("version") String version,
    @JsonProperty("source") String source,
    @JsonProperty("scope") String scope,
    @JsonProperty("configured") boolean configured,
    @JsonProperty("enabled") boolean enabled,
    @JsonProperty("description") String description) {

  static PluginRow of(LoadedPlugin plugin, boolean configured, boolean enabled) {
    return new PluginRow(
        plugin.name(),
        plugin.entry().kind().toString(),
        plugin.shownVersion(),
        plugin.origin(),
        descriptor(plugin).map(hook -> hook.scope().name().toLowerCase(Locale.ROOT)).orElse(""),
        configured,
        enabled,
        plugin.entry().description());
  }

  /** What a hook says of itself with its configuration; empty for other kinds. */
  static Optional<HookDescriptor> descriptor(LoadedPlugin plugin) {
    return plugin.entry() instanceof HookEntry hook
        ? Optional.of(hook.factory().descriptor(plugin.config()))
        : Optional.empty();
  }
}
