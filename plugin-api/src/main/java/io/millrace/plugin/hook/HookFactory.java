package io.millrace.plugin.hook;

import java.util.Map;

/** Creates a hook; the entry point of a plugin. */
public interface HookFactory {

  /** The hook's name, unique in a chain: lower case letters, digits and hyphens. */
  String name();

  /** One sentence for lists. */
  String description();

  /** What an exception in this hook does when the configuration does not say. */
  default OnError defaultOnError() {
    return OnError.CONTINUE;
  }

  /**
   * Creates the hook; called once per process.
   *
   * @param config the plugin's {@code config}, {@code env.} names already replaced
   * @param environment clock and meters
   * @throws IllegalArgumentException when the configuration is wrong: says which key and what is
   *     right
   */
  Hook create(Map<String, Object> config, HookEnvironment environment);
}
