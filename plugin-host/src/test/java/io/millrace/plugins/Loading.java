package io.millrace.plugins;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.testing.TestContext;
import io.millrace.plugin.testing.TestEnvironment;
import io.millrace.plugins.EntryPoint.HookEntry;
import io.millrace.plugins.schema.ConfigFault;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What tests do with a loader. */
final class Loading {

  private Loading() {}

  static PluginLoader loader(Path dataDir, Object... builtIn) {
    return new PluginLoader(PluginHostConfig.in(dataDir), List.of(builtIn));
  }

  /** What the only fault of a source says. */
  static String refusal(Path dataDir, String name, @Nullable String source) {
    try (LoadedPlugins plugins =
        loader(dataDir).load("plugins", List.of(PluginEntry.of(name, source)))) {
      return plugins.faults().stream().map(ConfigFault::toString).collect(Collectors.joining("\n"));
    }
  }

  /** What a hook of {@link PluginJar#hook} answers. */
  static String answer(LoadedPlugins plugins, int index) {
    LoadedPlugin plugin = plugins.plugins().get(index).orElseThrow();
    try (Hook hook =
        ((HookEntry) plugin.entry())
            .factory()
            .create(plugin.config(), new TestEnvironment().environment())) {
      PreHookResult result = hook.preHook(CompletionRequest.of("m", "x"), new TestContext());
      return ((PreHookResult.Respond) result).response().text();
    }
  }
}
