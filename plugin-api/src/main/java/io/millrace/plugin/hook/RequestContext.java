package io.millrace.plugin.hook;

import io.millrace.plugin.model.Lane;
import java.time.Instant;
import java.util.Map;

/** What a hook may know of the request it sees. Valid during the call only. */
public interface RequestContext {

  /** The tenant that asks. */
  String tenant();

  /** The request's id, unique per tenant. */
  String requestId();

  /** The request's lane. */
  Lane lane();

  /** When the request must be answered. */
  Instant deadline();

  /** When the request was accepted. */
  Instant acceptedAt();

  /** The current time; use this and not the system's, so that tests can set it. */
  Instant now();

  /**
   * The hook's state under the exchange's scope key: changed in the same transaction as the
   * exchange itself, so a crash takes both back or neither.
   *
   * @throws IllegalStateException for a hook whose descriptor does not say it is stateful, and in
   *     {@link Hook#preRequest} of a hook whose scope is not the home stage's
   */
  KeyedState state();

  /**
   * Puts an event on the {@code events} topic, in the same transaction as the exchange itself.
   *
   * @param type one of {@link EventTypes} or the hook's own: lower case words joined by hyphens; at
   *     most 64 characters
   * @param attributes at most 16
   * @throws IllegalArgumentException when a bound is exceeded, naming it
   */
  void emit(String type, Map<String, String> attributes);
}
