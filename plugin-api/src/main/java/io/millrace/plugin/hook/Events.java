package io.millrace.plugin.hook;

import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Events inside this process, and a way to put events about the pipeline itself on the {@code
 * events} topic. Thread-safe. Neither ever blocks the caller.
 */
public interface Events {

  /** How many events wait for one listener; further ones are dropped and counted. */
  int MAX_WAITING = 1_000;

  /**
   * Calls a listener, on a thread of its own, with what this process emits from now on.
   *
   * @param listener an exception in it is logged and counted
   * @return closes the subscription
   */
  Subscription subscribe(Consumer<Event> listener);

  /** Emits an event that is about no single request. */
  void emit(String type, Map<String, String> attributes);

  /** A listener's place in the list. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Something that happened.
   *
   * @param type see {@link EventTypes}
   * @param source who says so: a hook's name or a part of the pipeline
   * @param requestId the request it is about, or null
   * @param tenant the tenant it is about, or null
   * @param attributes what else there is to know
   */
  record Event(
      String type,
      String source,
      @Nullable String requestId,
      @Nullable String tenant,
      Map<String, String> attributes) {

    /** Copies the attributes. */
    public Event {
      attributes = Map.copyOf(attributes);
    }
  }
}
