package io.millrace.plugin.routing;

import io.millrace.plugin.model.Target;
import java.time.Duration;
import java.util.Objects;

/**
 * A target that a request may go to, and how it has done in this process. Immutable.
 *
 * @param target the provider and its model
 * @param inFlight attempts that have not ended
 * @param attempts attempts that have ended, since the start
 * @param successRate the share of recent attempts that ended with a completion, 0 to 1; 1 before
 *     the first
 * @param meanLatency of the recent attempts; zero before the first
 */
public record Candidate(
    Target target, int inFlight, long attempts, double successRate, Duration meanLatency) {

  /** How many attempts "recent" means. */
  public static final int RECENT_ATTEMPTS = 5;

  /** Checks the bounds. */
  public Candidate {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(meanLatency, "meanLatency");
    if (inFlight < 0 || attempts < 0) {
      throw new IllegalArgumentException("counts must not be negative");
    }
    if (!(successRate >= 0 && successRate <= 1)) {
      throw new IllegalArgumentException("successRate must be 0 to 1, is " + successRate);
    }
  }

  /** A target that nothing is known of yet. */
  public static Candidate untried(Target target) {
    return new Candidate(target, 0, 0, 1, Duration.ZERO);
  }
}
