package io.millrace.plugin.hook;

import io.millrace.plugin.model.Lane;
import io.millrace.plugin.model.Target;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a hook may know of the exchange it sees, and how it leaves notes. Valid during the call
 * only.
 */
public interface HookContext {

  /** The tenant that asks. */
  String tenant();

  /** The request's id, unique per tenant. */
  String requestId();

  /** Which attempt this is, from 1. */
  int attempt();

  /** The provider and model that this attempt aims at. */
  Target target();

  /** The request's lane. */
  Lane lane();

  /** When the request must be answered. */
  Instant deadline();

  /** When the request was accepted. */
  Instant acceptedAt();

  /** The current time; use this and not the system's, so that tests can set it. */
  Instant now();

  /** A note that this hook left for itself in this attempt, wherever it ran. */
  Optional<String> attribute(String name);

  /**
   * Leaves a note for this hook's own PostHook of the same attempt.
   *
   * @param name at most 64 characters
   * @param value at most 4,096 characters
   * @throws IllegalArgumentException when a bound is exceeded, naming it
   */
  void setAttribute(String name, String value);

  /**
   * Puts an event on the {@code events} topic, in the same transaction as the exchange itself.
   *
   * @param type lower case words joined by hyphens; at most 64 characters
   * @param attributes at most 16
   */
  void emit(String type, Map<String, String> attributes);
}
