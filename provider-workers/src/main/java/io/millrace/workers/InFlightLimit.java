package io.millrace.workers;

import io.millrace.schemas.avro.Lane;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds the dispatches worked on at once, with a share that only the interactive lane may use.
 * Takes come from one thread, releases from any.
 */
final class InFlightLimit {

  private final int max;
  private final int maxOthers;
  private final AtomicInteger all = new AtomicInteger();
  private final AtomicInteger others = new AtomicInteger();

  /**
   * A limit.
   *
   * @param max at least 1
   * @param reservePercent of it for the interactive lane, less than 100; at least one place is left
   *     to the others
   */
  InFlightLimit(int max, int reservePercent) {
    this.max = max;
    this.maxOthers = max - Math.min(max - 1, (int) ((long) max * reservePercent / 100));
  }

  /** Takes a place; false when there is none for this lane. */
  boolean tryTake(Lane lane) {
    if (all.get() >= max || (lane != Lane.INTERACTIVE && others.get() >= maxOthers)) {
      return false;
    }
    all.incrementAndGet();
    if (lane != Lane.INTERACTIVE) {
      others.incrementAndGet();
    }
    return true;
  }

  /** Gives a place back. */
  void release(Lane lane) {
    if (lane != Lane.INTERACTIVE) {
      others.decrementAndGet();
    }
    all.decrementAndGet();
  }

  /** Places taken. */
  int inFlight() {
    return all.get();
  }
}
