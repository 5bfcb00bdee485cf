package io.millrace.workers.gate;

/**
 * How many calls may be repeats, for each model of a provider in one process.
 *
 * @param share retries per call of the last 10 s, 0 to {@value #MAX_SHARE}; 1 allows as many
 *     retries as first calls
 * @param minPerSecond retries a second that are allowed beyond that, so that a model with little
 *     traffic can be tried again too, 0 to {@value #MAX_PER_SECOND}
 */
public record RetryBudgetSetting(double share, int minPerSecond) {

  /** The largest share. */
  public static final int MAX_SHARE = 20;

  /** The most retries a second without regard to traffic. */
  public static final int MAX_PER_SECOND = 10_000;

  /** Checks the bounds. */
  public RetryBudgetSetting {
    if (!(share >= 0 && share <= MAX_SHARE)) {
      throw new IllegalArgumentException(
          "retry budget: share must be 0 to " + MAX_SHARE + ", is " + share);
    }
    if (minPerSecond < 0 || minPerSecond > MAX_PER_SECOND) {
      throw new IllegalArgumentException(
          "retry budget: minPerSecond must be 0 to " + MAX_PER_SECOND + ", is " + minPerSecond);
    }
  }

  /** A fifth of the calls, and 10 a second: what Finagle has found to do. */
  public static RetryBudgetSetting defaults() {
    return new RetryBudgetSetting(0.2, 10);
  }
}
