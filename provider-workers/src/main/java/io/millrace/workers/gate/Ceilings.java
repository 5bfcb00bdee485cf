package io.millrace.workers.gate;

import io.millrace.plugin.provider.RateLimitStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many more calls a provider has said it takes, over all keys. Says nothing while one of the
 * keys has said nothing lately. Not thread-safe.
 */
final class Ceilings {

  /** What is said without a time holds for so long. */
  private static final Duration DEFAULT_TIME = Duration.ofSeconds(1);

  /** And never longer than this: the next answer says it anew. */
  private static final Duration MAX_TIME = Duration.ofMinutes(1);

  /** The weight of the newest call in the mean of tokens. */
  private static final double GAIN = 0.1;

  private final Map<String, Ceiling> byKey = new HashMap<>();
  private double tokensPerCall;

  /** What a call took, which tells how many calls are left where tokens are. */
  void took(long tokens) {
    if (tokens > 0) {
      tokensPerCall += (tokens - tokensPerCall) * (tokensPerCall == 0 ? 1 : GAIN);
    }
  }

  /** What an answer to a call with this key said; an empty name where there is no key. */
  void told(String key, RateLimitStatus status, long nowNanos) {
    double left = callsLeft(status);
    if (left < Double.MAX_VALUE) {
      Duration time = status.resetAfter() == null ? DEFAULT_TIME : status.resetAfter();
      Duration bounded = time.compareTo(MAX_TIME) > 0 ? MAX_TIME : time;
      byKey.put(key, new Ceiling(left, nowNanos + bounded.toNanos()));
    }
  }

  /**
   * How many calls are left now; {@link Double#MAX_VALUE} where that is not known.
   *
   * @param keys how many keys there are
   */
  double now(int keys, long nowNanos) {
    byKey.values().removeIf(ceiling -> nowNanos - ceiling.untilNanos() >= 0);
    return byKey.size() < keys
        ? Double.MAX_VALUE
        : byKey.values().stream().mapToDouble(Ceiling::calls).sum();
  }

  private double callsLeft(RateLimitStatus status) {
    @Nullable Long requests = status.remainingRequests();
    @Nullable Long tokens = status.remainingTokens();
    return Math.min(
        requests == null ? Double.MAX_VALUE : requests,
        tokens == null || tokensPerCall == 0 ? Double.MAX_VALUE : tokens / tokensPerCall);
  }

  private record Ceiling(double calls, long untilNanos) {}
}
