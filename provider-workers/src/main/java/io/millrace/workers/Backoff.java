package io.millrace.workers;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Exponential back-off: doubles from a start to a cap, with jitter of ±20 % on top. */
final class Backoff {

  private static final double JITTER = 0.2;
  private static final int MAX_DOUBLINGS = 30;

  private final Duration initial;
  private final Duration cap;
  private final DoubleSupplier random;

  /**
   * A back-off.
   *
   * @param random values from 0 inclusive to 1 exclusive; thread-safe
   */
  Backoff(Duration initial, Duration cap, DoubleSupplier random) {
    this.initial = initial;
    this.cap = cap;
    this.random = random;
  }

  /** The wait before a retry, counted from 1. */
  Duration before(int retry) {
    double doubled = initial.toNanos() * (double) (1L << Math.min(retry - 1, MAX_DOUBLINGS));
    double capped = Math.min(doubled, (double) cap.toNanos());
    return Duration.ofNanos((long) (capped * (1 - JITTER + 2 * JITTER * random.getAsDouble())));
  }
}
