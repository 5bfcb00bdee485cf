package io.millrace.plugins;

import io.millrace.plugin.engine.InferenceEngineFactory;
import io.millrace.plugin.engine.ModelLoader;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.monitor.MonitorFactory;
import io.millrace.plugin.provider.ProviderFactory;
import io.millrace.plugin.routing.RoutingStrategyFactory;
import java.util.Locale;

/** What a plugin can be. */
public enum PluginKind {
  /** A PreHook and PostHook in the chain. */
  HOOK(HookFactory.class),
  /** A type of provider. */
  PROVIDER(ProviderFactory.class),
  /** A routing strategy: a hook of the chain that chooses targets. */
  STRATEGY(RoutingStrategyFactory.class),
  /** A watcher of figures. */
  MONITOR(MonitorFactory.class),
  /** What runs models in the worker's process. */
  ENGINE(InferenceEngineFactory.class),
  /** What reads models of a format, for engines. */
  LOADER(ModelLoader.class);

  private final Class<?> service;

  PluginKind(Class<?> service) {
    this.service = service;
  }

  /** The type of its entry point. */
  public Class<?> service() {
    return service;
  }

  /** Where a plugin names its entry points of this kind. */
  String serviceFile() {
    return "META-INF/services/" + service.getName();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
