package io.millrace.workers;

import io.millrace.schemas.avro.Exchange;
import io.millrace.workers.engine.EngineEvents;
import java.util.Map;

/**
 * Takes events for the {@code events} topic, about models and about exchanges. Must not throw.
 * Thread-safe.
 */
interface WorkerEvents extends EngineEvents {

  /** Takes no notice. */
  WorkerEvents NONE =
      new WorkerEvents() {
        @Override
        public void emit(String type, Map<String, String> attributes) {}

        @Override
        public void emit(Exchange exchange, String type, Map<String, String> attributes) {}
      };

  /**
   * Takes an event about an attempt of an exchange.
   *
   * @param type one of {@link io.millrace.plugin.hook.EventTypes}
   * @param attributes at most 16; no content of requests
   */
  void emit(Exchange exchange, String type, Map<String, String> attributes);
}
