package io.millrace.plugin.hook;

import java.util.Map;

/**
 * Creates a hook: the entry point of a hook plugin, found as a {@link java.util.ServiceLoader}
 * service. Needs a public constructor without parameters.
 */
public interface HookFactory {

  /** What the hook is. The same at every call. */
  HookDescriptor descriptor();

  /**
   * The hook as one configuration makes it, for hooks whose scope or order can be configured.
   *
   * @param config as for {@link #create}
   */
  default HookDescriptor descriptor(Map<String, Object> config) {
    return descriptor();
  }

  /**
   * Creates the hook; called once per process, after the configuration has met the descriptor's
   * schema. Connections and the like are opened in {@link Hook#initialize()}.
   *
   * @param config the plugin's {@code config}, {@code env.} names already replaced; immutable
   * @param environment clock, meters and events
   * @throws IllegalArgumentException when the configuration is wrong: says which key and what is
   *     right
   */
  Hook create(Map<String, Object> config, HookEnvironment environment);
}
