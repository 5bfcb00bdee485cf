package io.millrace.plugin.routing;

import io.millrace.plugin.hook.HookEnvironment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Creates a routing strategy: the entry point of a strategy plugin, found as a {@link
 * java.util.ServiceLoader} service. Needs a public constructor without parameters.
 */
public interface RoutingStrategyFactory {

  /** Unique in a chain: 1 to 64 lower case letters, digits and hyphens, a letter first. */
  String name();

  /** One sentence, for lists. */
  String description();

  /** JSON Schema (draft 2020-12) of its configuration, or null when it has none. */
  default @Nullable String configSchema() {
    return null;
  }

  /**
   * Creates the strategy; called once per process, after the configuration has met the schema.
   *
   * @param config the plugin's {@code config} with the schema's defaults, {@code env.} names
   *     already replaced; immutable
   * @throws IllegalArgumentException when the configuration is wrong: says which key and what is
   *     right
   */
  RoutingStrategy create(Map<String, Object> config, HookEnvironment environment);
}
