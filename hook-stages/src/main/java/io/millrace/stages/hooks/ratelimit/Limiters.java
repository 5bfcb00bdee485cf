package io.millrace.stages.hooks.ratelimit;

import io.millrace.stages.hooks.state.StateReader;
import org.jspecify.annotations.Nullable;

/** Makes limiters, new and from their state. */
final class Limiters {

  private Limiters() {}

  /** A limiter of which nothing was taken. */
  static Limiter fresh(Algorithm algorithm, Rate rate, long nowMillis) {
    return switch (algorithm) {
      case TOKEN_BUCKET -> new TokenBucket(rate, nowMillis);
      case SLIDING_WINDOW -> new SlidingWindow(rate, nowMillis);
      case FIXED_WINDOW -> new FixedWindow(rate, nowMillis);
    };
  }

  /**
   * The limiter of a state. One of another algorithm or period begins anew: what was counted then
   * cannot be told in the new terms. A changed limit or burst counts at once.
   */
  static Limiter restore(Algorithm algorithm, Rate rate, byte @Nullable [] state, long nowMillis) {
    if (state == null) {
      return fresh(algorithm, rate, nowMillis);
    }
    StateReader reader = new StateReader(state);
    if (!LimiterHeader.read(reader).equals(LimiterHeader.of(algorithm, rate))) {
      return fresh(algorithm, rate, nowMillis);
    }
    return switch (algorithm) {
      case TOKEN_BUCKET -> TokenBucket.restore(rate, reader);
      case SLIDING_WINDOW -> SlidingWindow.restore(rate, reader);
      case FIXED_WINDOW -> FixedWindow.restore(rate, reader);
    };
  }
}
