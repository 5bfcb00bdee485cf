package io.millrace.stages.hooks.ratelimit;

import io.millrace.plugin.hook.KeyedState;
import io.millrace.stages.hooks.quota.StateSweep;
import io.millrace.stages.hooks.quota.Subject;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A limiter as it lies in the hook's state, and about how many wait for it. Used by one thread. */
final class Bucket {

  /** Keys of limiters begin with this. */
  static final String PREFIX = "b/";

  private static final StateSweep SWEEP = new StateSweep(PREFIX, "sweep/b");

  /** A limiter is kept this much longer than it says anything, for clocks that differ. */
  private static final long SPARE_MILLIS = 60_000;

  /** How many wait, and when everything will be available again. */
  private static final int HEADER_BYTES = Integer.BYTES + Long.BYTES;

  private final Limit limit;
  private final String name;
  private final Limiter limiter;
  private final boolean fresh;
  private int waiting;
  private boolean changed;

  private Bucket(Limit limit, String name, Limiter limiter, int waiting, boolean fresh) {
    this.limit = limit;
    this.name = name;
    this.limiter = limiter;
    this.waiting = waiting;
    this.fresh = fresh;
  }

  /** The limiter that a subject meets at a limit; a new one where there is none. */
  static Bucket load(Limit limit, Subject subject, KeyedState state, long nowMillis) {
    String name = limit.bucketOf(subject);
    return of(limit, limit.rateOf(subject), name, state.get(PREFIX + name), nowMillis);
  }

  static Bucket of(Limit limit, Rate rate, String name, byte @Nullable [] value, long nowMillis) {
    if (value == null) {
      Limiter limiter = Limiters.fresh(limit.algorithm(), rate, nowMillis);
      return new Bucket(limit, name, limiter, 0, true);
    }
    byte[] limiterState = Arrays.copyOfRange(value, HEADER_BYTES, value.length);
    Limiter limiter = Limiters.restore(limit.algorithm(), rate, limiterState, nowMillis);
    return new Bucket(limit, name, limiter, ByteBuffer.wrap(value).getInt(), false);
  }

  Limit limit() {
    return limit;
  }

  String name() {
    return name;
  }

  Limiter limiter() {
    return limiter;
  }

  /** How many wait; may count some that are gone, never too few. */
  int waiting() {
    return waiting;
  }

  void setWaiting(int value) {
    waiting = Math.max(0, value);
    changed = true;
  }

  /** Puts it back if somebody joined or left those who wait. */
  void saveIfChanged(KeyedState state, long nowMillis) {
    if (changed) {
      save(state, nowMillis);
    }
  }

  /** Puts it back; a new one also throws out some that are no longer of use. */
  void save(KeyedState state, long nowMillis) {
    byte[] limiterState = limiter.state();
    state.put(
        PREFIX + name,
        ByteBuffer.allocate(HEADER_BYTES + limiterState.length)
            .putInt(waiting)
            .putLong(nowMillis + limiter.resetMillis(nowMillis))
            .put(limiterState)
            .array());
    changed = false;
    if (fresh) {
      SWEEP.step(state, entry -> useless(entry.value(), nowMillis));
    }
  }

  /** Whether a limiter, whatever its limit, is as good as a new one. */
  private static boolean useless(byte[] value, long nowMillis) {
    ByteBuffer header = ByteBuffer.wrap(value);
    return header.getInt() == 0 && header.getLong() + SPARE_MILLIS < nowMillis;
  }
}
