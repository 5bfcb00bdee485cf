package io.millrace.workers.engine;

import java.util.Map;

/** Takes events about models for the {@code events} topic. Must not block for long, nor throw. */
@FunctionalInterface
public interface EngineEvents {

  /**
   * Takes an event.
   *
   * @param type one of {@link io.millrace.plugin.hook.EventTypes}
   * @param attributes at most 16; no content of requests
   */
  void emit(String type, Map<String, String> attributes);
}
