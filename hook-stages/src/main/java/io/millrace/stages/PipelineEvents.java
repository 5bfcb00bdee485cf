package io.millrace.stages;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.plugin.hook.Events;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Events inside this process, and the way out for events about the pipeline itself. Thread-safe;
 * nothing here makes an emitter wait.
 */
final class PipelineEvents implements Events, AutoCloseable {

  static final String DROPPED = "millrace.events.dropped";
  static final String LISTENER_ERRORS = "millrace.events.listener.errors";

  private static final int MAX_TYPE_CHARACTERS = 64;
  private static final int MAX_ATTRIBUTES = 16;

  /** How long closing waits for each listener to see what it was given. */
  private static final Duration LISTENER_CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final List<EventMailbox<Event>> listeners = new CopyOnWriteArrayList<>();
  private final Consumer<PipelineEvent> outward;
  private final InstantSource clock;
  private final Counter dropped;
  private final Counter listenerErrors;

  /**
   * Events of one process.
   *
   * @param outward takes events for the {@code events} topic; must not block
   */
  PipelineEvents(MeterRegistry meters, InstantSource clock, Consumer<PipelineEvent> outward) {
    this.outward = outward;
    this.clock = clock;
    this.dropped = meters.counter(DROPPED, "to", "listener");
    this.listenerErrors = meters.counter(LISTENER_ERRORS);
  }

  /** The same events, with another name for who emits them. */
  Events from(String source) {
    return new Events() {
      @Override
      public Subscription subscribe(Consumer<Event> listener) {
        return PipelineEvents.this.subscribe(listener);
      }

      @Override
      public void emit(String type, Map<String, String> attributes) {
        PipelineEvents.this.emit(source, type, attributes);
      }
    };
  }

  @Override
  public Subscription subscribe(Consumer<Event> listener) {
    EventMailbox<Event> added = EventListener.mailbox(listener, dropped, listenerErrors);
    listeners.add(added);
    added.start();
    return () -> {
      if (listeners.remove(added)) {
        added.stop();
      }
    };
  }

  @Override
  public void emit(String type, Map<String, String> attributes) {
    emit(TopicCatalogue.HOME, type, attributes);
  }

  private void emit(String source, String type, Map<String, String> attributes) {
    check(type, attributes);
    PipelineEvent event =
        new PipelineEvent(
            type, clock.instant().toEpochMilli(), source, null, null, null, Map.copyOf(attributes));
    outward.accept(event);
    publish(event);
  }

  /** Whether anybody in this process listens. */
  boolean heard() {
    return !listeners.isEmpty();
  }

  /** Gives an event, which goes to the topic by another way, to the listeners. */
  void publish(PipelineEvent event) {
    if (listeners.isEmpty()) {
      return;
    }
    Event published =
        new Event(
            event.getType(),
            event.getSource(),
            event.getRequestId(),
            event.getTenant(),
            event.getAttributes());
    listeners.forEach(listener -> listener.offer(published));
  }

  /**
   * Checks an event's bounds.
   *
   * @throws IllegalArgumentException naming the bound
   */
  static void check(String type, Map<String, String> attributes) {
    if (type.isEmpty() || type.length() > MAX_TYPE_CHARACTERS) {
      throw new IllegalArgumentException(
          "an event type has 1 to " + MAX_TYPE_CHARACTERS + " characters, not " + type.length());
    }
    if (attributes.size() > MAX_ATTRIBUTES) {
      throw new IllegalArgumentException(
          "an event has at most " + MAX_ATTRIBUTES + " attributes, not " + attributes.size());
    }
  }

  /** Lets listeners see what they were given, for a while, and ends their threads. */
  @Override
  public void close() {
    List<EventMailbox<Event>> ending = List.copyOf(listeners);
    listeners.clear();
    ending.forEach(EventMailbox::finish);
    ending.forEach(listener -> listener.awaitEnd(LISTENER_CLOSE_TIMEOUT));
  }
}
