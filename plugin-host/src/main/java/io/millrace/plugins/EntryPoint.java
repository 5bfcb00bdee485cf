package io.millrace.plugins;

import io.millrace.plugin.engine.InferenceEngineFactory;
import io.millrace.plugin.engine.ModelLoader;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.monitor.MonitorFactory;
import io.millrace.plugin.provider.ProviderFactory;
import io.millrace.plugin.routing.RoutingStrategyFactory;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a plugin offers: one factory of one kind. */
public sealed interface EntryPoint {

  /** What has its settings elsewhere in the configuration takes none here. */
  String NO_CONFIG =
      """
      {"type":"object","additionalProperties":false,"properties":{}}\
      """;

  /** Which kind it is. */
  PluginKind kind();

  /** What it calls itself. */
  String name();

  /** One sentence, or empty. */
  String description();

  /** JSON Schema of its configuration, or null when any will do. */
  @Nullable String configSchema();

  /** A hook. */
  record HookEntry(HookFactory factory) implements EntryPoint {
    @Override
    public PluginKind kind() {
      return PluginKind.HOOK;
    }

    @Override
    public String name() {
      return factory.descriptor().name();
    }

    @Override
    public String description() {
      return factory.descriptor().description();
    }

    @Override
    public @Nullable String configSchema() {
      return factory.descriptor().configSchema();
    }
  }

  /** A type of provider; its configuration stands under {@code providers}. */
  record ProviderEntry(ProviderFactory factory) implements EntryPoint {
    @Override
    public PluginKind kind() {
      return PluginKind.PROVIDER;
    }

    @Override
    public String name() {
      return factory.type();
    }

    @Override
    public String description() {
      return "";
    }

    @Override
    public String configSchema() {
      return NO_CONFIG;
    }
  }

  /** A routing strategy, made a hook. */
  record StrategyEntry(RoutingStrategyFactory factory, RoutingHookFactory hook)
      implements EntryPoint {

    @Override
    public PluginKind kind() {
      return PluginKind.STRATEGY;
    }

    @Override
    public String name() {
      return factory.name();
    }

    @Override
    public String description() {
      return factory.description();
    }

    @Override
    public @Nullable String configSchema() {
      return hook.descriptor().configSchema();
    }
  }

  /** A monitor. */
  record MonitorEntry(MonitorFactory factory) implements EntryPoint {
    @Override
    public PluginKind kind() {
      return PluginKind.MONITOR;
    }

    @Override
    public String name() {
      return factory.name();
    }

    @Override
    public String description() {
      return factory.description();
    }

    @Override
    public @Nullable String configSchema() {
      return factory.configSchema();
    }
  }

  /** An engine; its settings stand with the providers that use it. */
  record EngineEntry(InferenceEngineFactory factory) implements EntryPoint {
    @Override
    public PluginKind kind() {
      return PluginKind.ENGINE;
    }

    @Override
    public String name() {
      return factory.name();
    }

    @Override
    public String description() {
      return factory.description();
    }

    @Override
    public String configSchema() {
      return NO_CONFIG;
    }
  }

  /** A loader; its settings stand with the models that it loads. */
  record LoaderEntry(ModelLoader loader) implements EntryPoint {
    @Override
    public PluginKind kind() {
      return PluginKind.LOADER;
    }

    @Override
    public String name() {
      return loader.name();
    }

    @Override
    public String description() {
      return loader.description();
    }

    @Override
    public String configSchema() {
      return NO_CONFIG;
    }
  }

  /**
   * The entry point that a factory is.
   *
   * @throws IllegalArgumentException when it is no factory of any kind
   */
  static EntryPoint of(Object factory) {
    EntryPoint entry =
        switch (factory) {
          case HookFactory hook -> new HookEntry(hook);
          case ProviderFactory provider -> new ProviderEntry(provider);
          case RoutingStrategyFactory strategy ->
              new StrategyEntry(strategy, new RoutingHookFactory(strategy));
          case MonitorFactory monitor -> new MonitorEntry(monitor);
          case InferenceEngineFactory engine -> new EngineEntry(engine);
          case ModelLoader loader -> new LoaderEntry(loader);
          default -> throw new IllegalArgumentException(factory + " is no factory of plugins");
        };
    Objects.requireNonNull(entry.name(), () -> factory.getClass().getName() + " has no name");
    return entry;
  }
}
