package io.millrace.plugin.hook;

import io.millrace.plugin.access.Caller;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What a hook may know of the request it sees. Valid during the call only. */
public interface RequestContext {

  /** The most requests that a hook may send during one call. */
  int MAX_SUBMITTED = 8;

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

  /** Who sent the request; empty where nobody had to say. */
  Optional<Caller> caller();

  /**
   * A wish that came with the request about one hook, such as {@code cache}: {@code bypass}.
   *
   * @param name lower case words joined by hyphens
   */
  Optional<String> hint(String name);

  /**
   * Whether a hook sent this request of its own accord ({@link #submit}): nobody waits for it, and
   * what is scarce should be left to those that somebody waits for.
   */
  boolean background();

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

  /**
   * Sends a request of the hook's own into the pipeline, in the same transaction as the exchange
   * itself: as the same tenant and caller, in lane batch, through the whole chain. Its result goes
   * to nobody; hooks see it pass. A request of the hook whose id was seen before, within the dedup
   * window, is not run again.
   *
   * @param id unique per tenant and hook: 1 to 128 letters, digits and {@code . _ : -}
   * @param timeout from now to its deadline, positive
   * @throws IllegalArgumentException when a bound is exceeded, naming it
   * @throws IllegalStateException past {@link #MAX_SUBMITTED} requests in one call, and where this
   *     request is itself one that a hook sent
   */
  void submit(String id, CompletionRequest request, Duration timeout);
}
