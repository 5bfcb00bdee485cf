package io.millrace.stages.routing;

import io.millrace.plugin.model.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes, and why. Immutable.
 *
 * @param target what the first attempt aims at; null when no provider answers for the model
 * @param fallbacks what is tried next, in order
 * @param assessments every candidate that was looked at, in the configured order; empty where there
 *     was nothing to choose
 * @param strategy the strategy's name; null where it was not asked
 * @param reasons one line for a person, at most {@link #MAX_REASON_CHARACTERS} characters; empty
 *     where there was nothing to choose
 */
public record RouteDecision(
    @Nullable Target target,
    List<Target> fallbacks,
    List<Assessment> assessments,
    @Nullable String strategy,
    String reasons) {

  /** How long reasons get. */
  public static final int MAX_REASON_CHARACTERS = 500;

  /** Copies the lists. */
  public RouteDecision {
    fallbacks = List.copyOf(fallbacks);
    assessments = List.copyOf(assessments);
  }

  static RouteDecision plain(@Nullable Target target) {
    return new RouteDecision(target, List.of(), List.of(), null, "");
  }

  /** Whether there was something to choose. */
  public boolean chosen() {
    return !reasons.isEmpty();
  }
}
