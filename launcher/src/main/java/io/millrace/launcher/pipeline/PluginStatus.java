package io.millrace.launcher.pipeline;

import io.millrace.plugins.LoadedPlugin;

/**
 * A plugin other than a hook, as it runs here.
 *
 * @param plugin what was loaded
 * @param enabled whether it takes part
 */
record PluginStatus(LoadedPlugin plugin, boolean enabled) {}
