package io.millrace.plugin.provider;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says with an answer about its own limits. Immutable. Null means that it did not
 * say.
 *
 * @param remainingRequests how many calls are left in the current window, at least 0
 * @param remainingTokens how many tokens are left in the current window, at least 0
 * @param resetAfter when the scarcer of the two is whole again, counted from the answer; at least 0
 */
public record RateLimitStatus(
    @Nullable Long remainingRequests,
    @Nullable Long remainingTokens,
    @Nullable Duration resetAfter) {

  /** Checks that nothing is negative. */
  public RateLimitStatus {
    if ((remainingRequests != null && remainingRequests < 0)
        || (remainingTokens != null && remainingTokens < 0)
        || (resetAfter != null && resetAfter.isNegative())) {
      throw new IllegalArgumentException("what is left of a limit must not be negative");
    }
  }
}
