package io.millrace.plugin.routing;

import java.time.Duration;
import java.util.Objects;

/**
 * How fit a candidate is, by the calls of all processes in the last minute. Immutable; a second or
 * two old.
 *
 * @param state the judgement on it
 * @param admitShare which share of its traffic it gets, 0 to 1
 * @param load calls in flight, on average
 * @param p50 median latency; zero where no call was seen
 * @param p95 95th percentile of latency; zero where no call was seen
 */
public record CandidateHealth(
    State state, double admitShare, double load, Duration p50, Duration p95) {

  /** Nothing is known of it. */
  public static final CandidateHealth UNKNOWN =
      new CandidateHealth(State.UNKNOWN, 1, 0, Duration.ZERO, Duration.ZERO);

  /** The judgement on a provider's model. */
  public enum State {
    /** Nobody has called it lately. */
    UNKNOWN,
    /** It works. */
    HEALTHY,
    /** It works most of the time, or has too much to do. */
    DEGRADED,
    /** It does not work, and is only tried where nothing else is left. */
    DOWN,
    /** It works again and gets a share of its traffic. */
    RECOVERING
  }

  /** Checks the bounds. */
  public CandidateHealth {
    Objects.requireNonNull(state, "state");
    if (!(admitShare >= 0 && admitShare <= 1)) {
      throw new IllegalArgumentException("admitShare must be 0 to 1, is " + admitShare);
    }
    if (!(load >= 0)) {
      throw new IllegalArgumentException("load must not be negative, is " + load);
    }
  }
}
