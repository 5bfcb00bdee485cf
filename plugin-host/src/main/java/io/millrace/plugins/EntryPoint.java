package io.millrace.plugins;

import io.millrace.plugin.engine.InferenceEngineFactory;
import io.millrace.plugin.engine.ModelLoader;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.monitor.MonitorFactory;
import io.millrace.plugin.provider.ProviderFactory;
import io.millrace.plugin.routing.RoutingStrategyFactory;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a plugin offers: one factory of one kind. */
public sealed interface EntryPoint {

  /** What has its settings elsewhere in the configuration takes none here. */
  String NO_CONFIG =
      """
      {"type":"object","additionalProperties":false,"properties":{}}\
      """;

  /** What it says of itself. */
  Facts facts();

  /** Which kind it is. */
  default PluginKind kind() {
    return facts().kind();
  }

  /** What it calls itself. */
  default String name() {
    return facts().name().get();
  }

  /** One sentence, or empty. */
  default String description() {
    return facts().description().get();
  }

  /** JSON Schema of its configuration, or null when any will do. */
  default @Nullable String configSchema() {
    return facts().configSchema().get();
  }

  /**
   * What an entry point says of itself; it is asked anew each time.
   *
   * @param kind which kind it is
   * @param name what it calls itself
   * @param description one sentence, or empty
   * @param configSchema JSON Schema of its configuration, or null when any will do
   */
  record Facts(
      PluginKind kind,
      Supplier<String> name,
      Supplier<String> description,
      Supplier<@Nullable String> configSchema) {

    /** Of what has its settings elsewhere. */
    static Facts unconfigured(
        PluginKind kind, Supplier<String> name, Supplier<String> description) {
      return new Facts(kind, name, description, () -> NO_CONFIG);
    }
  }

  /** A hook. */
  record HookEntry(HookFactory factory) implements EntryPoint {
    @Override
    public Facts facts() {
      return new Facts(
          PluginKind.HOOK,
          () -> factory.descriptor().name(),
          () -> factory.descriptor().description(),
          () -> factory.descriptor().configSchema());
    }
  }

  /** A type of provider; its configuration stands under {@code providers}. */
  record ProviderEntry(ProviderFactory factory) implements EntryPoint {
    @Override
    public Facts facts() {
      return Facts.unconfigured(PluginKind.PROVIDER, factory::type, () -> "");
    }
  }

  /** A routing strategy, made a hook. */
  record StrategyEntry(RoutingStrategyFactory factory, RoutingHookFactory hook)
      implements EntryPoint {
    @Override
    public Facts facts() {
      return new Facts(
          PluginKind.STRATEGY,
          factory::name,
          factory::description,
          () -> hook.descriptor().configSchema());
    }
  }

  /** A monitor. */
  record MonitorEntry(MonitorFactory factory) implements EntryPoint {
    @Override
    public Facts facts() {
      return new Facts(
          PluginKind.MONITOR, factory::name, factory::description, factory::configSchema);
    }
  }

  /** An engine; its settings stand with the providers that use it. */
  record EngineEntry(InferenceEngineFactory factory) implements EntryPoint {
    @Override
    public Facts facts() {
      return Facts.unconfigured(PluginKind.ENGINE, factory::name, factory::description);
    }
  }

  /** A loader; its settings stand with the models that it loads. */
  record LoaderEntry(ModelLoader loader) implements EntryPoint {
    @Override
    public Facts facts() {
      return Facts.unconfigured(PluginKind.LOADER, loader::name, loader::description);
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
