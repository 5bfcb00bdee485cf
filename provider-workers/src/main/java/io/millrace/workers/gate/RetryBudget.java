package io.millrace.workers.gate;

import java.time.Duration;

/**
 * Bounds how many calls are repeats, so that a provider in trouble does not get several times the
 * calls. At every moment, of the last {@code window}: repeats &le; share &times; calls + reserve.
 *
 * <p>This is Finagle's retry budget (finagle.github.io/blog/2016/02/08/retry-budgets): credit comes
 * with calls and expires. gRPC's throttle (proposal A6) counts failures instead, and then allows no
 * retry at all until enough calls have succeeded. Thread-safe.
 */
public final class RetryBudget {

  /** How far back calls and retries count. */
  static final Duration WINDOW = Duration.ofSeconds(10);

  private final double share;
  private final double reserve;
  private final SlidingCounts counts;

  /** The budget of one model. */
  public RetryBudget(RetryBudgetSetting setting) {
    this(setting.share(), (double) setting.minPerSecond() * WINDOW.toSeconds(), WINDOW);
  }

  /**
   * A budget.
   *
   * @param share repeats per call
   * @param reserve repeats within the window that need no calls
   */
  public RetryBudget(double share, double reserve, Duration window) {
    this.share = share;
    this.reserve = reserve;
    this.counts = new SlidingCounts(window);
  }

  /** A call is made that is no repeat. */
  public synchronized void called(long nowNanos) {
    counts.addFirst(nowNanos);
  }

  /** Takes a repeat out of the budget; false when there is none left. */
  public synchronized boolean tryTake(long nowNanos) {
    double allowed = share * counts.firsts(nowNanos) + reserve;
    if (counts.seconds(nowNanos) + 1 > allowed) {
      return false;
    }
    counts.addSecond(nowNanos);
    return true;
  }
}
