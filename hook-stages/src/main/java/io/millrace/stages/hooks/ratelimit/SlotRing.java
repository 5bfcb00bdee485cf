package io.millrace.stages.hooks.ratelimit;

import io.millrace.stages.hooks.state.StateReader;
import io.millrace.stages.hooks.state.StateWriter;

/**
 * Amounts by slot of time, for the latest few slots; what is older falls out. No amount is
 * negative; sums stop growing at a quarter of what a long holds.
 */
final class SlotRing {

  private static final long MAX_SUM = Long.MAX_VALUE / 4;

  private final long[] amounts;
  private long newest;
  private long sum;

  SlotRing(int slots, long newest) {
    this.amounts = new long[slots];
    this.newest = newest;
  }

  /** Where the oldest slot begins. */
  long oldest() {
    return newest - amounts.length + 1;
  }

  long newest() {
    return newest;
  }

  long sum() {
    return sum;
  }

  long get(long slot) {
    return amounts[index(slot)];
  }

  /** Makes a slot the newest; nothing where it is not newer. */
  void advance(long slot) {
    long steps = Math.min(slot - newest, amounts.length);
    for (long i = 1; i <= steps; i++) {
      sum -= amounts[index(newest + i)];
      amounts[index(newest + i)] = 0;
    }
    if (slot > newest) {
      // Of a long jump only the last slots exist, and all of them are empty.
      newest = slot;
    }
  }

  void add(long slot, long amount) {
    long added = Math.min(amount, MAX_SUM - sum);
    amounts[index(slot)] += added;
    sum += added;
  }

  /** Takes out what is there of an amount; nothing of a slot that fell out. */
  void remove(long slot, long amount) {
    if (slot >= oldest() && slot <= newest) {
      long removed = Math.min(amount, amounts[index(slot)]);
      amounts[index(slot)] -= removed;
      sum -= removed;
    }
  }

  /** Everything is as if it had come in this slot, and this slot is the newest. */
  void moveAllTo(long slot) {
    java.util.Arrays.fill(amounts, 0);
    newest = slot;
    amounts[index(slot)] = sum;
  }

  /** The slot up to which, from the oldest on, at least this amount lies; it must be there. */
  long oldestUntil(long amount) {
    long found = 0;
    for (long slot = oldest(); slot < newest; slot++) {
      found += get(slot);
      if (found >= amount) {
        return slot;
      }
    }
    return newest;
  }

  void write(StateWriter state) {
    state.signed(newest);
    int filled = 0;
    for (long amount : amounts) {
      filled += amount == 0 ? 0 : 1;
    }
    state.number(filled);
    for (long slot = oldest(); slot <= newest; slot++) {
      if (get(slot) != 0) {
        state.number(newest - slot).number(get(slot));
      }
    }
  }

  static SlotRing restore(int slots, StateReader state) {
    SlotRing ring = new SlotRing(slots, state.signed());
    for (long left = state.number(); left > 0; left--) {
      long slot = ring.newest - state.number();
      ring.add(slot, state.number());
    }
    return ring;
  }

  private int index(long slot) {
    return (int) Math.floorMod(slot, (long) amounts.length);
  }
}
