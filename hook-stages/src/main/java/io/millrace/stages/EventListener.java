package io.millrace.stages;

import io.micrometer.core.instrument.Counter;
import io.millrace.plugin.hook.Events;
import io.millrace.plugin.hook.Events.Event;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listener, with a queue and a thread of its own. Thread-safe; offering never waits. */
final class EventListener {

  private static final Logger LOG = LoggerFactory.getLogger(EventListener.class);
  private static final Event END = new Event("", "", null, null, Map.of());

  private final BlockingQueue<Event> waiting = new ArrayBlockingQueue<>(Events.MAX_WAITING);
  private final Consumer<Event> listener;
  private final Counter dropped;
  private final Counter errors;
  private final Thread thread;

  EventListener(Consumer<Event> listener, Counter dropped, Counter errors) {
    this.listener = listener;
    this.dropped = dropped;
    this.errors = errors;
    this.thread = Thread.ofVirtual().name("millrace-event-listener").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Gives it an event, or drops and counts it where too many wait already. */
  void offer(Event event) {
    if (!waiting.offer(event)) {
      dropped.increment();
    }
  }

  /** Ends the thread after the call in hand. */
  void stop() {
    waiting.clear();
    end();
  }

  /** Ends the thread after what waits already. */
  void finish() {
    end();
  }

  /** Waits for the thread to end; interrupts the listener when it takes too long. */
  void awaitEnd(Duration timeout) {
    try {
      if (!thread.join(timeout)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void end() {
    while (!waiting.offer(END)) {
      waiting.poll();
    }
  }

  private void run() {
    try {
      for (Event event = waiting.take(); event != END; event = waiting.take()) {
        tell(event);
      }
    } catch (InterruptedException e) {
      LOG.debug("a listener was too slow to see every event before the end", e);
    }
  }

  private void tell(Event event) {
    try {
      listener.accept(event);
    } catch (RuntimeException | LinkageError | AssertionError e) {
      errors.increment();
      LOG.warn("a listener failed at event {} of {}", event.type(), event.source(), e);
    }
  }
}
