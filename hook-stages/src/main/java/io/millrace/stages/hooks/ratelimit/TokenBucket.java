package io.millrace.stages.hooks.ratelimit;

import io.millrace.stages.hooks.state.StateReader;
import io.millrace.stages.hooks.state.StateWriter;

/**
 * Holds at most {@code burst} and gains {@code limit} per period, evenly: in any time t at most
 * burst + limit × t / period is taken. Its level is kept in parts of one token, as many as a period
 * has milliseconds, so that a millisecond's gain is a whole number.
 *
 * <p>Giving back is where buckets usually lie: had the amount never been taken, the bucket might
 * have been full since, and what it then could not hold would be lost. So the bucket keeps, for the
 * latest {@value #SLICES} slices of time, what was taken in each, and giving back plays them again
 * without the amount ({@link #replay}). A slice's amount is taken at its end there, which can only
 * make the level lower than the truth.
 */
final class TokenBucket implements Limiter {

  /** How many slices are kept; four times as long as the bucket takes to fill. */
  static final int SLICES = 64;

  private static final int SLICES_TO_FILL = 16;

  /** Deeper than this no debt goes; amounts of one call are smaller. */
  private static final long LOWEST = -(Long.MAX_VALUE / 4);

  private final Rate rate;
  private final LimiterClock clock;
  private final long full;
  private final long sliceMillis;
  private long level;

  /** A level that the bucket had at least at {@link #baseMillis}, from which to play. */
  private long baseLevel;

  private long baseMillis;
  private SlotRing slices;

  TokenBucket(Rate rate, long nowMillis) {
    this(rate, new LimiterClock(rate.periodMillis(), nowMillis), fullLevel(rate));
    forget();
  }

  private TokenBucket(Rate rate, LimiterClock clock, long level) {
    this.rate = rate;
    this.clock = clock;
    this.level = level;
    this.full = fullLevel(rate);
    this.sliceMillis = Math.ceilDiv(Math.ceilDiv(full, rate.limit()), SLICES_TO_FILL);
    this.slices = new SlotRing(SLICES, 0);
  }

  static TokenBucket restore(Rate rate, StateReader state) {
    LimiterClock clock = new LimiterClock(rate.periodMillis(), state.signed());
    TokenBucket bucket = new TokenBucket(rate, clock, state.signed());
    boolean changed = bucket.level > bucket.full || state.signed() != bucket.sliceMillis;
    bucket.level = Math.min(bucket.level, bucket.full);
    if (changed) {
      bucket.forget();
    } else {
      bucket.baseLevel = state.signed();
      bucket.baseMillis = state.signed();
      bucket.slices = SlotRing.restore(SLICES, state);
    }
    return bucket;
  }

  private static long fullLevel(Rate rate) {
    return rate.burst() * rate.periodMillis();
  }

  @Override
  public Decision check(long nowMillis, long amount) {
    if (amount > rate.burst()) {
      return new Decision.Never(rate.burst());
    }
    long wait = waitMillis(nowMillis, amount);
    return wait == 0 ? new Decision.Fits() : new Decision.Later(wait);
  }

  @Override
  public long take(long nowMillis, long amount) {
    long now = follow(nowMillis);
    long bounded = Limiter.bounded(amount);
    level = minus(level, bounded);
    slices.add(sliceOf(now), bounded);
    return now;
  }

  @Override
  public void giveBack(long nowMillis, long takenAtMillis, long amount) {
    long now = follow(nowMillis);
    if (takenAtMillis >= baseMillis && takenAtMillis <= now) {
      slices.remove(sliceOf(takenAtMillis), Limiter.bounded(amount));
      level = Math.max(level, replay(now));
    }
  }

  @Override
  public long available(long nowMillis) {
    follow(nowMillis);
    return Math.floorDiv(level, rate.periodMillis());
  }

  @Override
  public long capacity() {
    return rate.burst();
  }

  @Override
  public long waitMillis(long nowMillis, long amount) {
    follow(nowMillis);
    long missing = Limiter.bounded(amount) * rate.periodMillis() - level;
    return Math.max(0, Math.ceilDiv(missing, rate.limit()));
  }

  @Override
  public long resetMillis(long nowMillis) {
    follow(nowMillis);
    return Math.ceilDiv(full - level, rate.limit());
  }

  @Override
  public byte[] state() {
    StateWriter state =
        LimiterHeader.of(Algorithm.TOKEN_BUCKET, rate)
            .write()
            .signed(clock.nowMillis())
            .signed(level)
            .signed(sliceMillis)
            .signed(baseLevel)
            .signed(baseMillis);
    slices.write(state);
    return state.toBytes();
  }

  /** The level now, played from the base through the slices. */
  private long replay(long now) {
    long played = baseLevel;
    long from = baseMillis;
    for (long slice = Math.max(slices.oldest(), sliceOf(baseMillis));
        slice <= slices.newest();
        slice++) {
      long end = Math.min((slice + 1) * sliceMillis, now);
      played = minus(gain(played, end - from), slices.get(slice));
      from = end;
    }
    return played;
  }

  private long follow(long nowMillis) {
    long before = clock.nowMillis();
    if (clock.follow(nowMillis)) {
      forget();
      return clock.nowMillis();
    }
    long now = clock.nowMillis();
    level = gain(level, now - before);
    long newest = sliceOf(now);
    if (newest - SLICES >= slices.newest()) {
      // Nothing of what is kept is young enough, and the level is known.
      forget();
    } else {
      foldBefore(newest - SLICES + 1);
      slices.advance(newest);
    }
    return now;
  }

  /** Moves the base past the slices that are about to fall out. */
  private void foldBefore(long oldestKept) {
    for (long slice = sliceOf(baseMillis); slice < oldestKept; slice++) {
      long end = (slice + 1) * sliceMillis;
      long taken = slice >= slices.oldest() && slice <= slices.newest() ? slices.get(slice) : 0;
      baseLevel = minus(gain(baseLevel, end - baseMillis), taken);
      baseMillis = end;
    }
  }

  /** Begins the history anew, now: what was taken before can no more be given back. */
  private void forget() {
    baseLevel = level;
    baseMillis = clock.nowMillis();
    slices = new SlotRing(SLICES, sliceOf(baseMillis));
  }

  private long gain(long from, long millis) {
    long missing = full - from;
    return millis >= Math.ceilDiv(missing, rate.limit()) ? full : from + millis * rate.limit();
  }

  private long minus(long from, long amount) {
    // One slice may hold many calls' amounts, more than the level's scale has room for.
    long most = (from - LOWEST) / rate.periodMillis();
    return amount >= most ? LOWEST : from - amount * rate.periodMillis();
  }

  private long sliceOf(long millis) {
    return Math.floorDiv(millis, sliceMillis);
  }
}
