package io.millrace.stages.hooks.ratelimit;

import java.time.Duration;

/**
 * How much per time. All arithmetic of the limiters is in whole numbers; the bounds here keep every
 * product of a limit and a time below 2^62.
 *
 * @param limit what a period allows, 1 to {@link #MAX_LIMIT}
 * @param periodMillis one second to {@link #MAX_PERIOD}
 * @param burst what a token bucket holds when it is full, 1 to {@link #MAX_LIMIT}; windows do not
 *     look at it
 */
record Rate(long limit, long periodMillis, long burst) {

  /** The largest limit and burst: a billion. */
  static final long MAX_LIMIT = 1_000_000_000;

  /** The longest period. */
  static final Duration MAX_PERIOD = Duration.ofDays(31);

  /** Checks the bounds. */
  Rate {
    if (limit < 1 || limit > MAX_LIMIT || burst < 1 || burst > MAX_LIMIT) {
      throw new IllegalArgumentException("limit and burst are 1 to " + MAX_LIMIT);
    }
    if (periodMillis < 1_000 || periodMillis > MAX_PERIOD.toMillis()) {
      throw new IllegalArgumentException("a period is 1 s to " + MAX_PERIOD);
    }
  }

  static Rate of(long limit, Duration period) {
    return new Rate(limit, period.toMillis(), limit);
  }
}
