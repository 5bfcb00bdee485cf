package io.millrace.stages.hooks.ratelimit;

import io.millrace.stages.hooks.state.StateReader;

/**
 * At most {@code limit} in each period, counted from midnight UTC of 1 January 1970. Across the
 * border of two periods twice as much may come in a short time; that is the nature of it. A debt is
 * carried into the periods that follow.
 */
final class FixedWindow implements Limiter {

  private final Rate rate;
  private final LimiterClock clock;
  private long window;
  private long used;

  /** What of {@link #used} is beyond the limit as it was then: lowering a limit makes no debt. */
  private long debt;

  FixedWindow(Rate rate, long nowMillis) {
    this(rate, new LimiterClock(rate.periodMillis(), nowMillis), 0, 0);
  }

  private FixedWindow(Rate rate, LimiterClock clock, long used, long debt) {
    this.rate = rate;
    this.clock = clock;
    this.window = windowOf(clock.nowMillis());
    this.used = used;
    this.debt = debt;
  }

  static FixedWindow restore(Rate rate, StateReader state) {
    LimiterClock clock = new LimiterClock(rate.periodMillis(), state.signed());
    return new FixedWindow(rate, clock, state.signed(), state.signed());
  }

  @Override
  public Decision check(long nowMillis, long amount) {
    long left = available(nowMillis);
    if (amount > rate.limit()) {
      return new Decision.Never(rate.limit());
    }
    return amount <= left ? new Decision.Fits() : new Decision.Later(waitMillis(nowMillis, amount));
  }

  @Override
  public long take(long nowMillis, long amount) {
    long now = follow(nowMillis);
    long bounded = Limiter.bounded(amount);
    long before = Math.max(used, rate.limit());
    used = Math.min(used + bounded, Long.MAX_VALUE / 4);
    debt += Math.max(0, used - before);
    return now;
  }

  @Override
  public void giveBack(long nowMillis, long takenAtMillis, long amount) {
    follow(nowMillis);
    if (windowOf(takenAtMillis) == window) {
      used = Math.max(0, used - Limiter.bounded(amount));
      debt = Math.min(debt, Math.max(0, used - rate.limit()));
    }
  }

  @Override
  public long available(long nowMillis) {
    follow(nowMillis);
    return rate.limit() - used;
  }

  @Override
  public long capacity() {
    return rate.limit();
  }

  @Override
  public long waitMillis(long nowMillis, long amount) {
    long now = follow(nowMillis);
    if (amount <= rate.limit() - used) {
      return 0;
    }
    // What stands in the way when the next window opens is the debt; each window pays a limit.
    long ahead = debt + Limiter.bounded(amount);
    long windows = Math.max(1, Math.ceilDiv(ahead, rate.limit()));
    long toNext = (window + 1) * rate.periodMillis() - now;
    return toNext + multiply(windows - 1, rate.periodMillis());
  }

  @Override
  public long resetMillis(long nowMillis) {
    long now = follow(nowMillis);
    if (used == 0) {
      return 0;
    }
    long toNext = (window + 1) * rate.periodMillis() - now;
    return toNext + multiply(Math.ceilDiv(debt, rate.limit()), rate.periodMillis());
  }

  @Override
  public byte[] state() {
    return LimiterHeader.of(Algorithm.FIXED_WINDOW, rate)
        .write()
        .signed(clock.nowMillis())
        .signed(used)
        .signed(debt)
        .toBytes();
  }

  private long follow(long nowMillis) {
    boolean back = clock.follow(nowMillis);
    long current = windowOf(clock.nowMillis());
    if (back) {
      window = current;
    } else if (current > window) {
      long passed = current - window;
      // The window that ends has paid its limit; each one skipped pays another.
      long paid = multiply(passed - 1, rate.limit());
      used = Math.max(0, debt - paid);
      debt = Math.max(0, used - rate.limit());
      window = current;
    }
    return clock.nowMillis();
  }

  private long windowOf(long millis) {
    return Math.floorDiv(millis, rate.periodMillis());
  }

  private static long multiply(long a, long b) {
    return Math.multiplyHigh(a, b) == 0 && a * b >= 0 && a * b < Long.MAX_VALUE / 4
        ? a * b
        : Long.MAX_VALUE / 4;
  }
}
