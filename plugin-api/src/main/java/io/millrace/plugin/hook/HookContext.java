package io.millrace.plugin.hook;

import io.millrace.plugin.model.Target;
import java.util.Optional;

/**
 * What a hook may know of the attempt it sees, and how it leaves notes. Valid during the call only.
 */
public interface HookContext extends RequestContext {

  /** Which attempt this is, from 1. */
  int attempt();

  /** The provider and model that this attempt aims at. */
  Target target();

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
}
