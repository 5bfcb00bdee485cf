package io.millrace.workers.gate;

/**
 * How many calls to a model may run at once: additive increase, and a decrease in proportion to the
 * share of calls that were refused for load, once per round, as data-centre TCP does with marked
 * packets (RFC 8257, section 3.3, with a gain of 1). A round is as many ended calls as were under
 * way when its first one ended, so about one call's time.
 *
 * <p>A gradient of latencies (Vegas and its like) is no use here: how long a model takes depends on
 * how much it writes, and varies by a factor of a hundred without any load. Not thread-safe.
 */
final class ConcurrencyLimit {

  /** A round without refusals that used the limit raises it by this part of the maximum, */
  private static final int STEPS_TO_MAX = 100;

  /** but by no more than this part of itself, and by 1 at least. */
  private static final double GROWTH = 0.1;

  /** So small a share of refusals says nothing: the limit neither falls nor rises. */
  private static final double NOISE = 0.05;

  private final int max;
  private final int step;
  private double limit;
  private int peakInRound = 1;
  private int roundLength = 1;
  private int endedInRound;
  private double refusedInRound;

  /** A limit that begins at its maximum, at least 1. */
  ConcurrencyLimit(int max) {
    this.max = max;
    this.step = Math.max(1, max / STEPS_TO_MAX);
    this.limit = max;
  }

  /** How many calls may run at once, 1 to the maximum. */
  int now() {
    return (int) limit;
  }

  /** A call has begun; so many run now. */
  void begun(int inFlight) {
    peakInRound = Math.max(peakInRound, inFlight);
  }

  /**
   * A call has ended.
   *
   * @param refused 0 when it was not refused for load; 1 when it was; less where the refusal was
   *     about one of several keys
   * @param inFlight how many run still
   */
  void ended(double refused, int inFlight) {
    if (endedInRound == 0) {
      roundLength = inFlight + 1;
    }
    endedInRound++;
    refusedInRound += refused;
    if (endedInRound >= roundLength) {
      endRound(inFlight);
    }
  }

  private void endRound(int inFlight) {
    double share = refusedInRound / endedInRound;
    if (share > NOISE) {
      limit = Math.max(1, Math.min(limit, peakInRound) * (1 - share / 2));
    } else if (refusedInRound == 0 && peakInRound >= (int) limit) {
      limit = Math.min(max, limit + Math.max(1, Math.min(step, limit * GROWTH)));
    }
    endedInRound = 0;
    refusedInRound = 0;
    peakInRound = Math.max(1, inFlight);
  }
}
