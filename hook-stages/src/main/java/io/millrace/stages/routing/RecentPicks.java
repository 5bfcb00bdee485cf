package io.millrace.stages.routing;

import io.millrace.plugin.model.Target;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many requests this process sent to each target in the last second. Health is a second or two
 * old, and without this everybody would go to whoever looked best then. Thread-safe; bounded by
 * {@link #MAX_TARGETS}.
 */
final class RecentPicks {

  private static final int MAX_TARGETS = 10_000;
  private static final int COUNT_BITS = 24;
  private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

  private final InstantSource clock;
  private final Map<Target, AtomicLong> picks = new ConcurrentHashMap<>();

  RecentPicks(InstantSource clock) {
    this.clock = clock;
  }

  void add(Target target) {
    AtomicLong slot = picks.get(target);
    if (slot == null) {
      if (picks.size() >= MAX_TARGETS) {
        return;
      }
      slot = picks.computeIfAbsent(target, key -> new AtomicLong());
    }
    long second = second();
    slot.updateAndGet(
        before ->
            before >>> COUNT_BITS == second && (before & COUNT_MASK) < COUNT_MASK
                ? before + 1
                : second << COUNT_BITS | 1);
  }

  /** Requests of this second, or of the one before while this one has seen none. */
  int of(Target target) {
    AtomicLong slot = picks.get(target);
    if (slot == null) {
      return 0;
    }
    long value = slot.get();
    long age = second() - (value >>> COUNT_BITS);
    return age == 0 || age == 1 ? (int) (value & COUNT_MASK) : 0;
  }

  private long second() {
    return clock.millis() / 1_000;
  }
}
