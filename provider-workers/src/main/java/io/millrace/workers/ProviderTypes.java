package io.millrace.workers;

import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderFactory;
import java.util.Collection;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The provider types that can be configured: those on the class path, and plugins. */
final class ProviderTypes {

  private final Map<String, ProviderFactory> factories = new TreeMap<>();

  /**
   * Types on the class path, and these; these win.
   *
   * @param engine the type whose models run in this process
   */
  ProviderTypes(ProviderFactory engine, Collection<ProviderFactory> plugins) {
    ServiceLoader.load(ProviderFactory.class, ProviderTypes.class.getClassLoader())
        .forEach(this::add);
    add(engine);
    plugins.forEach(this::add);
  }

  /**
   * Creates all providers, or none.
   *
   * @throws IllegalArgumentException when a type is not known or settings are wrong, saying what is
   *     right
   */
  Map<String, Provider> createAll(Map<String, ProviderSetting> settings) {
    Map<String, Provider> created = new TreeMap<>();
    try {
      settings.forEach((name, setting) -> created.put(name, create(name, setting)));
      return created;
    } catch (RuntimeException e) {
      created.values().forEach(Provider::close);
      throw e;
    }
  }

  private Provider create(String name, ProviderSetting setting) {
    ProviderFactory factory = factories.get(setting.type());
    if (factory == null) {
      throw new IllegalArgumentException(
          "provider %s has the unknown type '%s': known types are %s"
              .formatted(name, setting.type(), String.join(", ", factories.keySet())));
    }
    try {
      return factory.create(name, setting.settings());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("provider %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  private void add(ProviderFactory factory) {
    factories.put(factory.type(), factory);
  }
}
