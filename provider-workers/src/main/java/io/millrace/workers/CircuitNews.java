package io.millrace.workers;

import io.millrace.plugin.hook.EventTypes;
import io.millrace.workers.gate.Circuit;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells by events what becomes of the circuit of one model in this process. From the first time it
 * opens until it is closed all its events have the same {@code since}. Two events are at least a
 * second apart: what happens in between is left out, and the next call tells how it is then.
 * Thread-safe.
 */
final class CircuitNews {

  /** The time between two events of one circuit. */
  static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final String OPEN = "1";
  private static final String CLOSED = "0";

  private final String provider;
  private final String model;
  private final String process;
  private final WorkerEvents events;
  private final TimeSource time;

  /** Read without the lock by every call; written under it. */
  private volatile Circuit.State told = Circuit.State.CLOSED;

  private boolean toldAny;
  private long toldNanos;
  private long sinceMillis;

  CircuitNews(String provider, String model, String process, WorkerEvents events, TimeSource time) {
    this.provider = provider;
    this.model = model;
    this.process = process;
    this.events = events;
    this.time = time;
  }

  /** Looks whether there is something to tell; for a call before and after it was made. */
  void look(Circuit circuit) {
    if (circuit.latest() != told) {
      @Nullable Event event = event(circuit.latest());
      if (event != null) {
        events.emit(event.type(), event.attributes());
      }
    }
  }

  private record Event(String type, Map<String, String> attributes) {}

  private synchronized @Nullable Event event(Circuit.State now) {
    Circuit.State before = told;
    long nanos = time.nanoTime();
    boolean tooSoon = toldAny && nanos - toldNanos < INTERVAL.toNanos();
    if (now == before || tooSoon) {
      return null;
    }
    boolean first = sinceMillis == 0;
    toldAny = true;
    told = now;
    toldNanos = nanos;
    if (first) {
      sinceMillis = time.now().toEpochMilli();
    }
    Event event = new Event(type(now, first), attributes(now, before));
    if (now == Circuit.State.CLOSED) {
      sinceMillis = 0;
    }
    return event;
  }

  private static String type(Circuit.State state, boolean first) {
    return switch (state) {
      case OPEN -> first ? EventTypes.CIRCUIT_OPENED : EventTypes.CIRCUIT_REOPENED;
      case HALF_OPEN -> EventTypes.CIRCUIT_HALF_OPENED;
      case RECOVERING -> EventTypes.CIRCUIT_RECOVERING;
      case CLOSED -> EventTypes.CIRCUIT_CLOSED;
    };
  }

  private Map<String, String> attributes(Circuit.State now, Circuit.State before) {
    Map<String, String> attributes = new HashMap<>();
    attributes.put("provider", provider);
    attributes.put("model", model);
    attributes.put("process", process);
    attributes.put("before", before.name().toLowerCase(Locale.ROOT));
    attributes.put("since", Long.toString(sinceMillis));
    attributes.put("value", now == Circuit.State.CLOSED ? CLOSED : OPEN);
    attributes.put("bound", OPEN);
    return attributes;
  }
}
