package io.millrace.stages.hooks.ratelimit;

/**
 * What was taken lately of one limit, and what is left. Whole numbers only. Used by one thread.
 *
 * <p>Time is the caller's. When it goes back by at most a period the limiter stands still until it
 * is where it was; when it goes back further the limiter goes on from there, with nothing forgiven.
 * So a clock that jumps back can only make a limiter stricter, for a period at most.
 */
sealed interface Limiter permits TokenBucket, SlidingWindow, FixedWindow {

  /** The most that one call may take, give back or charge; more counts as this. */
  long MAX_AMOUNT = Rate.MAX_LIMIT;

  /** Whether an amount fits. Takes nothing. */
  Decision check(long nowMillis, long amount);

  /**
   * Takes an amount, whether or not it fits: what does not becomes a debt, which later amounts wait
   * for.
   *
   * @return the limiter's time, by which {@link #giveBack} finds it
   */
  long take(long nowMillis, long amount);

  /**
   * Undoes a part of what was taken, as far as it still counts. Never makes room that would not be
   * there had the amount never been taken.
   *
   * @param takenAtMillis what {@link #take} returned
   */
  void giveBack(long nowMillis, long takenAtMillis, long amount);

  /** What fits now; negative when in debt. */
  long available(long nowMillis);

  /** The most that is ever available. */
  long capacity();

  /**
   * How long until an amount fits if nothing else is taken; for one beyond {@link #capacity()}, the
   * least time in which that much can be taken bit by bit.
   */
  long waitMillis(long nowMillis, long amount);

  /** How long until everything is available again if nothing is taken. */
  long resetMillis(long nowMillis);

  /** The state, as {@link Limiters#restore} takes it. */
  byte[] state();

  /** Takes an amount if it fits. */
  default Decision tryTake(long nowMillis, long amount) {
    Decision decision = check(nowMillis, amount);
    if (decision instanceof Decision.Fits) {
      take(nowMillis, amount);
    }
    return decision;
  }

  /** An amount within the bounds of one call. */
  static long bounded(long amount) {
    if (amount < 0) {
      throw new IllegalArgumentException("an amount is not negative, is " + amount);
    }
    return Math.min(amount, MAX_AMOUNT);
  }
}
