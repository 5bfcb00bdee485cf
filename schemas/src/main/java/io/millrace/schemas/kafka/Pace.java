package io.millrace.schemas.kafka;

import java.util.concurrent.TimeUnit;

/**
 * Tells few records from many by counting those of the present and the former window. Thread-safe.
 */
final class Pace {

  /**
   * What is counted over: long beside the pause in which a stream thread commits, and long enough
   * that a few requests at once are not taken for many.
   */
  static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** So many records in a window are many: 5,000 a second. */
  static final int MANY = 250;

  private long windowStart;
  private int count;
  private int former;

  /** Counts a record; whether it is one of few. */
  synchronized boolean fewAt(long nowNanos) {
    long elapsed = nowNanos - windowStart;
    if (elapsed >= WINDOW_NANOS) {
      former = elapsed < 2 * WINDOW_NANOS ? count : 0;
      count = 0;
      windowStart = nowNanos;
    }
    count++;
    return count < MANY && former < MANY;
  }
}
