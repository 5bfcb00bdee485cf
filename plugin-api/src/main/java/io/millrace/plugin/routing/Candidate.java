package io.millrace.plugin.routing;

import io.millrace.plugin.model.Target;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.provider.ModelInfo;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A target that a request may go to, and how it has done. Immutable.
 *
 * @param target the provider and its model
 * @param inFlight attempts that have not ended, in this process
 * @param attempts attempts that have ended: in this process since the start, or where health is
 *     known everywhere in the last minute
 * @param successRate the share of recent attempts that ended with a completion, 0 to 1; 1 before
 *     the first
 * @param meanLatency of the last {@link #RECENT_ATTEMPTS}; zero before the first
 * @param health how fit it is, by the calls of all processes
 * @param model what the configuration says of the model; null where it says nothing
 * @param priority of its provider: lower comes first
 * @param weight of its provider, more than 0
 */
public record Candidate(
    Target target,
    int inFlight,
    long attempts,
    double successRate,
    Duration meanLatency,
    CandidateHealth health,
    @Nullable ModelInfo model,
    int priority,
    double weight) {

  /** How many attempts "recent" means. */
  public static final int RECENT_ATTEMPTS = 5;

  /** The priority of a provider that has none. */
  public static final int DEFAULT_PRIORITY = 100;

  /** Checks the bounds. */
  public Candidate {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(meanLatency, "meanLatency");
    Objects.requireNonNull(health, "health");
    if (inFlight < 0 || attempts < 0) {
      throw new IllegalArgumentException("counts must not be negative");
    }
    if (!(successRate >= 0 && successRate <= 1)) {
      throw new IllegalArgumentException("successRate must be 0 to 1, is " + successRate);
    }
    if (!(weight > 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException("weight must be more than 0, is " + weight);
    }
  }

  /** A target of which only the attempts of this process are known. */
  public Candidate(
      Target target, int inFlight, long attempts, double successRate, Duration meanLatency) {
    this(
        target,
        inFlight,
        attempts,
        successRate,
        meanLatency,
        CandidateHealth.UNKNOWN,
        null,
        DEFAULT_PRIORITY,
        1);
  }

  /** A target that nothing is known of yet. */
  public static Candidate untried(Target target) {
    return new Candidate(target, 0, 0, 1, Duration.ZERO);
  }

  /** What its tokens cost; null where nobody has said, which is not the same as nothing. */
  public @Nullable TokenPrice price() {
    return model == null ? null : model.price();
  }

  /** Calls in flight: those of this process, or those of all by their average, if more. */
  public double load() {
    return Math.max(inFlight, health.load());
  }

  /** This candidate with what the configuration says of its model. */
  public Candidate withModel(@Nullable ModelInfo info) {
    return new Candidate(
        target, inFlight, attempts, successRate, meanLatency, health, info, priority, weight);
  }

  /** This candidate with what is known of its health. */
  public Candidate withHealth(CandidateHealth known) {
    return new Candidate(
        target, inFlight, attempts, successRate, meanLatency, known, model, priority, weight);
  }

  /** This candidate with another place in the configuration. */
  public Candidate withRank(int otherPriority, double otherWeight) {
    return new Candidate(
        target,
        inFlight,
        attempts,
        successRate,
        meanLatency,
        health,
        model,
        otherPriority,
        otherWeight);
  }
}
