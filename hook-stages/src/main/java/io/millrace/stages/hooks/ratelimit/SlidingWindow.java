package io.millrace.stages.hooks.ratelimit;

import io.millrace.stages.hooks.state.StateReader;
import io.millrace.stages.hooks.state.StateWriter;

/**
 * At most {@code limit} in any period, wherever it begins. The period is cut into {@value #SLOTS}
 * slots, and what was taken counts until the whole of its slot is older than a period: never too
 * short, and too long by at most a {@value #SLOTS}th of the period.
 */
final class SlidingWindow implements Limiter {

  static final int SLOTS = 64;

  private final Rate rate;
  private final LimiterClock clock;
  private final long slotMillis;
  private final SlotRing slots;

  SlidingWindow(Rate rate, long nowMillis) {
    this(
        rate,
        new LimiterClock(rate.periodMillis(), nowMillis),
        new SlotRing(SLOTS + 1, Math.floorDiv(nowMillis, slotMillis(rate))));
  }

  private SlidingWindow(Rate rate, LimiterClock clock, SlotRing slots) {
    this.rate = rate;
    this.clock = clock;
    this.slotMillis = slotMillis(rate);
    this.slots = slots;
  }

  static SlidingWindow restore(Rate rate, StateReader state) {
    LimiterClock clock = new LimiterClock(rate.periodMillis(), state.signed());
    return new SlidingWindow(rate, clock, SlotRing.restore(SLOTS + 1, state));
  }

  private static long slotMillis(Rate rate) {
    return Math.ceilDiv(rate.periodMillis(), SLOTS);
  }

  @Override
  public Decision check(long nowMillis, long amount) {
    if (amount > rate.limit()) {
      return new Decision.Never(rate.limit());
    }
    long wait = waitMillis(nowMillis, amount);
    return wait == 0 ? new Decision.Fits() : new Decision.Later(wait);
  }

  @Override
  public long take(long nowMillis, long amount) {
    long now = follow(nowMillis);
    slots.add(slotOf(now), Limiter.bounded(amount));
    return now;
  }

  @Override
  public void giveBack(long nowMillis, long takenAtMillis, long amount) {
    follow(nowMillis);
    slots.remove(slotOf(takenAtMillis), Limiter.bounded(amount));
  }

  @Override
  public long available(long nowMillis) {
    follow(nowMillis);
    return rate.limit() - slots.sum();
  }

  @Override
  public long capacity() {
    return rate.limit();
  }

  @Override
  public long waitMillis(long nowMillis, long amount) {
    long now = follow(nowMillis);
    long first = Math.min(amount, rate.limit());
    long excess = slots.sum() + first - rate.limit();
    long wait = excess <= 0 ? 0 : expiry(slots.oldestUntil(excess)) - now;
    long periods = Math.ceilDiv(Limiter.bounded(amount), rate.limit()) - 1;
    return periods <= 0 ? wait : Math.max(wait, periods * rate.periodMillis());
  }

  @Override
  public long resetMillis(long nowMillis) {
    long now = follow(nowMillis);
    long sum = slots.sum();
    return sum == 0 ? 0 : expiry(slots.oldestUntil(sum)) - now;
  }

  @Override
  public byte[] state() {
    StateWriter state =
        LimiterHeader.of(Algorithm.SLIDING_WINDOW, rate).write().signed(clock.nowMillis());
    slots.write(state);
    return state.toBytes();
  }

  /** When what is in a slot counts no more. */
  private long expiry(long slot) {
    return (slot + SLOTS + 1) * slotMillis;
  }

  private long follow(long nowMillis) {
    boolean back = clock.follow(nowMillis);
    long slot = slotOf(clock.nowMillis());
    if (back) {
      slots.moveAllTo(slot);
    } else {
      slots.advance(slot);
    }
    return clock.nowMillis();
  }

  private long slotOf(long millis) {
    return Math.floorDiv(millis, slotMillis);
  }
}
