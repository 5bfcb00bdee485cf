package io.millrace.plugin.provider;

import java.util.Map;

/** Creates providers of one type; the entry point of a provider plugin. */
public interface ProviderFactory {

  /** The type's name in configuration, e.g. {@code openai}. */
  String type();

  /**
   * Creates a provider.
   *
   * @param name the provider's configured name, for messages and metrics
   * @param settings its configuration, {@code env.} names already replaced, without keys
   * @throws IllegalArgumentException when a setting is wrong: says which and what is right
   */
  Provider create(String name, Map<String, Object> settings);
}
