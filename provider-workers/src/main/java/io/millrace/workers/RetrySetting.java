package io.millrace.workers;

import io.millrace.workers.gate.RetryBudgetSetting;
import java.time.Duration;
import java.util.Objects;

/**
 * How a worker repeats failed calls within one attempt. Going on to another key at once is no
 * retry: every key is tried at most once before a wait.
 *
 * @param maxRetries the most waits (for back-off, or for a key to come back) in one attempt, 0 to
 *     {@value #MAX_RETRIES}
 * @param initialBackoff the wait before the first retry; doubles each time
 * @param maxBackoff what the doubling stops at; jitter of ±20 % comes on top
 * @param budget how many calls may be repeats, over all attempts
 */
public record RetrySetting(
    int maxRetries, Duration initialBackoff, Duration maxBackoff, RetryBudgetSetting budget) {

  /** The largest number of retries that may be configured. */
  public static final int MAX_RETRIES = 20;

  /** Checks the bounds. */
  public RetrySetting {
    Objects.requireNonNull(budget, "budget");
    if (maxRetries < 0 || maxRetries > MAX_RETRIES) {
      throw new IllegalArgumentException(
          "maxRetries must be 0 to " + MAX_RETRIES + ", is " + maxRetries);
    }
    if (initialBackoff.isNegative() || maxBackoff.compareTo(initialBackoff) < 0) {
      throw new IllegalArgumentException(
          "maxBackoff must not be less than initialBackoff, is " + maxBackoff);
    }
  }

  /** Repeats with the default budget. */
  public RetrySetting(int maxRetries, Duration initialBackoff, Duration maxBackoff) {
    this(maxRetries, initialBackoff, maxBackoff, RetryBudgetSetting.defaults());
  }

  /** Two retries, the first after half a second, none after more than 5 s. */
  public static RetrySetting defaults() {
    return new RetrySetting(2, Duration.ofMillis(500), Duration.ofSeconds(5));
  }

  /** No retry at all. */
  public static RetrySetting none() {
    return new RetrySetting(0, Duration.ZERO, Duration.ZERO);
  }
}
