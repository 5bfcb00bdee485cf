package io.millrace.workers;

import io.millrace.schemas.avro.Lane;

/**
 * Bounds the dispatches that are begun and whose end is not committed yet: what a crash repeats.
 * With a share that only the interactive lane may use. Owned by the poll thread.
 */
final class InFlightLimit {

  private final int max;
  private final int maxOthers;
  private int all;
  private int others;

  /**
   * A limit.
   *
   * @param max at least 1
   * @param reservePercent of it for the interactive lane, less than 100; rounded up, but at least
   *     one place is left to the others
   */
  InFlightLimit(int max, int reservePercent) {
    this.max = max;
    this.maxOthers = max - Math.min(max - 1, (int) (((long) max * reservePercent + 99) / 100));
  }

  /** Takes a place; false when there is none for this lane. */
  boolean tryTake(Lane lane) {
    if (all >= max || (lane != Lane.INTERACTIVE && others >= maxOthers)) {
      return false;
    }
    add(lane, 1);
    return true;
  }

  /** Gives places back. */
  void release(Lane lane, int places) {
    add(lane, -places);
  }

  /** Places taken. */
  int taken() {
    return all;
  }

  private void add(Lane lane, int places) {
    all += places;
    if (lane != Lane.INTERACTIVE) {
      others += places;
    }
  }
}
