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
   * @param model which may not be called now
   */
  record Postponed(Duration pause, Setback setback, String model) implements Ending {}

  /**
   * What a delivery that was postponed has behind it.
   *
   * @param sinceNanos when it was postponed first, by {@link System#nanoTime}; of no meaning where
   *     it never was
   * @param times how often it was postponed
   * @param calls how many calls it has made
   * @param costNanos what they have cost, in nano-dollars
   */
  record Setback(long sinceNanos, int times, int calls, long costNanos) {

    /** A delivery that never was. */
    static final Setback NONE = new Setback(0, 0, 0, 0);

    /** Another one after this. */
    Setback plus(CallResult.Postponed again, long nowNanos) {
      return new Setback(
          times == 0 ? nowNanos : sinceNanos,
          times + 1,
          calls + again.calls().size(),
          costNanos + again.costNanos());
    }

    /** How long it is since it was postponed first. */
    Duration waited(long nowNanos) {
      return times == 0 ? Duration.ZERO : Duration.ofNanos(nowNanos - sinceNanos);
    }
  }
}
