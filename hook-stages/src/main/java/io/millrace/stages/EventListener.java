package io.millrace.stages;

import io.micrometer.core.instrument.Counter;
import io.millrace.plugin.hook.Events;
import io.millrace.plugin.hook.Events.Event;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what one listener throws from everybody else. Thread-safe. */
final class EventListener implements Consumer<Event> {

  private static final Logger LOG = LoggerFactory.getLogger(EventListener.class);
  private static final Event END = new Event("", "", null, null, Map.of());

  private final Consumer<Event> listener;
  private final Counter errors;

  private EventListener(Consumer<Event> listener, Counter errors) {
    this.listener = listener;
    this.errors = errors;
  }

  /** The listener behind a queue and a thread of its own. */
  static EventMailbox<Event> mailbox(Consumer<Event> listener, Counter dropped, Counter errors) {
    return new EventMailbox<>(
        "millrace-event-listener",
        Events.MAX_WAITING,
        END,
        new EventListener(listener, errors),
        dropped);
  }

  @Override
  public void accept(Event event) {
    try {
      listener.accept(event);
    } catch (RuntimeException | LinkageError | AssertionError e) {
      errors.increment();
      LOG.warn("a listener failed at event {} of {}", event.type(), event.source(), e);
    }
  }
}
