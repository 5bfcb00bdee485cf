package io.millrace.stages.hooks.budget;

import io.millrace.stages.hooks.state.StateReader;
import io.millrace.stages.hooks.state.StateWriter;
import org.jspecify.annotations.Nullable;

/**
 * What became of one budget in one period. Immutable. Sums stop at the largest long.
 *
 * @param spentNanos what attempts that ended have cost
 * @param reservedNanos what attempts under way may cost at most
 * @param warned whether the warning is out
 * @param exhausted whether it was told that something no longer fits
 */
record Account(long spentNanos, long reservedNanos, boolean warned, boolean exhausted) {

  static final Account NEW = new Account(0, 0, false, false);

  private static final int VERSION = 1;
  private static final int WARNED = 1;
  private static final int EXHAUSTED = 2;

  /** What is spent or may be. */
  long claimedNanos() {
    return add(spentNanos, reservedNanos);
  }

  /** Whether so much more stays within a bound. */
  boolean fits(long nanos, long boundNanos) {
    return add(claimedNanos(), nanos) <= boundNanos;
  }

  Account reserve(long nanos) {
    return new Account(spentNanos, add(reservedNanos, nanos), warned, exhausted);
  }

  /** Gives back what was reserved and takes what it has cost. */
  Account settle(long reserved, long costNanos) {
    return new Account(
        add(spentNanos, Math.max(0, costNanos)),
        Math.max(0, reservedNanos - reserved),
        warned,
        exhausted);
  }

  Account withWarned() {
    return new Account(spentNanos, reservedNanos, true, exhausted);
  }

  Account withExhausted() {
    return new Account(spentNanos, reservedNanos, warned, true);
  }

  /** As if nothing had been spent; what is under way stays reserved. */
  Account forgotten() {
    return new Account(0, reservedNanos, false, false);
  }

  /** Without reservations, for those of attempts that nobody will settle. */
  Account released() {
    return new Account(spentNanos, 0, warned, exhausted);
  }

  byte[] bytes() {
    return new StateWriter()
        .number(VERSION)
        .number((warned ? WARNED : 0) | (exhausted ? EXHAUSTED : 0))
        .number(spentNanos)
        .number(reservedNanos)
        .toBytes();
  }

  /**
   * Reads what {@link #bytes} wrote; nothing is {@link #NEW}.
   *
   * @throws IllegalStateException for a version that a newer Millrace wrote
   */
  static Account of(byte @Nullable [] bytes) {
    if (bytes == null) {
      return NEW;
    }
    StateReader state = new StateReader(bytes).requireVersion("a budget", VERSION);
    long flags = state.number();
    return new Account(
        state.number(), state.number(), (flags & WARNED) != 0, (flags & EXHAUSTED) != 0);
  }

  private static long add(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }
}
