package io.millrace.workers;

import java.time.Duration;

/** How the work on a delivery ended. */
sealed interface Ending {

  /** Everything it asked for is safe on the broker. */
  record Done() implements Ending {}

  /** It stays open: it is read again after the next change of owner. */
  record Open() implements Ending {}

  /**
   * It is to be worked on anew, by the same owner while it has the partition.
   *
   * @param pause after this; more than 0
   * @param setback what is to be known then
   */
  record Postponed(Duration pause, Setback setback) implements Ending {}

  /**
   * What a delivery that was postponed has behind it.
   *
   * @param waited how long it was postponed, all in all
   * @param costNanos what its calls have cost, in nano-dollars
   */
  record Setback(Duration waited, long costNanos) {

    /** A delivery that never was. */
    static final Setback NONE = new Setback(Duration.ZERO, 0);

    /** Another one after this. */
    Setback plus(Duration pause, long moreCostNanos) {
      return new Setback(waited.plus(pause), costNanos + moreCostNanos);
    }
  }
}
