package io.millrace.schemas.kafka;

import java.util.concurrent.TimeUnit;

/**
 * Tells few records from many, and many from a flood, by counting those of the present and the
 * former window. Thread-safe.
 */
final class Pace {

  /**
   * What is counted over: long beside the pause in which a stream thread commits, and long enough
   * that a few requests at once are not taken for many.
   */
  static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private long windowStart;
  private int count;
  private int former;

  /** How fast records come. */
  enum Rate {
    FEW(0, 1),

    /** 3,000 a second and more. */
    SOME(150, 5),

    /** 5,000 a second and more. */
    MANY(250, 20),

    /**
     * 10,000 a second and more, about half of what a stream thread can write: records wait longer
     * for the processor than for company.
     */
    FLOOD(500, Long.MAX_VALUE);

    /** From so many in a window on. */
    final int least;

    /** How long one that comes like this may wait for company. */
    final long waitMillis;

    Rate(int least, long waitMillis) {
      this.least = least;
      this.waitMillis = waitMillis;
    }

    private static Rate of(int count) {
      return count >= FLOOD.least
          ? FLOOD
          : count >= MANY.least ? MANY : count >= SOME.least ? SOME : FEW;
    }
  }

  /** Counts a record; says how fast they come. */
  synchronized Rate at(long nowNanos) {
    long elapsed = nowNanos - windowStart;
    if (elapsed >= WINDOW_NANOS) {
      former = elapsed < 2 * WINDOW_NANOS ? count : 0;
      count = 0;
      windowStart = nowNanos;
    }
    count++;
    return Rate.of(Math.max(count, former));
  }
}
