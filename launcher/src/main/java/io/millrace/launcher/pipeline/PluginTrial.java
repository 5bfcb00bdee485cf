package io.millrace.launcher.pipeline;

import io.millrace.launcher.config.ConfigException;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.plugin.engine.EngineSettings;
import io.millrace.plugin.engine.InferenceEngine;
import io.millrace.plugin.engine.InferenceEngineFactory;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.provider.ProviderFactory;
import io.millrace.plugin.testing.TestEnvironment;
import io.millrace.plugins.EntryPoint.EngineEntry;
import io.millrace.plugins.EntryPoint.HookEntry;
import io.millrace.plugins.EntryPoint.LoaderEntry;
import io.millrace.plugins.EntryPoint.MonitorEntry;
import io.millrace.plugins.EntryPoint.ProviderEntry;
import io.millrace.plugins.EntryPoint.StrategyEntry;
import io.millrace.plugins.LoadedPlugin;
import io.millrace.plugins.schema.ConfigFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Starts a plugin and stops it again, with nothing around it. */
public final class PluginTrial {

  private PluginTrial() {}

  /**
   * Creates, initializes and closes a plugin.
   *
   * @return what was done, for people
   * @throws ConfigException when the plugin throws; says in which step
   */
  public static String run(LoadedPlugin plugin, MillraceConfig config) {
    return switch (plugin.entry()) {
      case HookEntry hook -> hook(plugin, hook.factory());
      case StrategyEntry strategy -> hook(plugin, strategy.hook());
      case ProviderEntry provider -> provider(plugin, provider.factory(), config);
      case MonitorEntry monitor -> {
        close(plugin, step(plugin, "create", () -> monitor.factory().create(plugin.config())));
        yield "created and closed: in order";
      }
      case EngineEntry engine -> engine(plugin, engine.factory());
      case LoaderEntry loader ->
          "loads files that end in ." + String.join(", .", loader.loader().extensions());
    };
  }

  private static String engine(LoadedPlugin plugin, InferenceEngineFactory factory) {
    InferenceEngine engine = step(plugin, "create", factory::create);
    try {
      Optional<String> unsupported = engine.unsupported();
      if (unsupported.isPresent()) {
        return "created and closed, but it does not run on this machine: " + unsupported.get();
      }
      step(
          plugin,
          "initialize",
          () -> {
            engine.initialize(new EngineSettings(1));
            return engine;
          });
    } finally {
      close(plugin, engine);
    }
    return "created, initialized and closed: in order";
  }

  private static String hook(LoadedPlugin plugin, HookFactory factory) {
    TestEnvironment around = new TestEnvironment();
    HookEnvironment environment = around.environment();
    Hook hook = step(plugin, "create", () -> factory.create(plugin.config(), environment));
    try {
      step(
          plugin,
          "initialize",
          () -> {
            hook.initialize();
            return hook;
          });
    } finally {
      close(plugin, hook);
    }
    return "created, initialized and closed: in order";
  }

  private static String provider(
      LoadedPlugin plugin, ProviderFactory factory, MillraceConfig config) {
    List<String> names = new ArrayList<>();
    config
        .providers()
        .forEach(
            (name, section) -> {
              if (section.type().equals(factory.type())) {
                close(
                    plugin, step(plugin, "create", () -> factory.create(name, section.settings())));
                names.add(name);
              }
            });
    return names.isEmpty()
        ? "loaded; not created, for no provider of the configuration has type: " + factory.type()
        : "created and closed for %s: in order".formatted(String.join(", ", names));
  }

  private static void close(LoadedPlugin plugin, AutoCloseable created) {
    step(
        plugin,
        "close",
        () -> {
          created.close();
          return created;
        });
  }

  private static <T> T step(LoadedPlugin plugin, String name, Callable<T> step) {
    try {
      return step.call();
    } catch (Exception | LinkageError e) {
      ConfigFault fault = new ConfigFault(plugin.name(), "%s failed with %s".formatted(name, e));
      ConfigException refused = new ConfigException(plugin.origin(), List.of(fault));
      refused.initCause(e);
      throw refused;
    }
  }
}
