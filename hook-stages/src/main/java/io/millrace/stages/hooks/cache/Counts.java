package io.millrace.stages.hooks.cache;

import java.util.EnumMap;
import java.util.Map;

/** A number for each {@link Count}, never below zero. Used by one thread. */
final class Counts {

  private final Map<Count, Long> numbers = new EnumMap<>(Count.class);

  long get(Count what) {
    return numbers.getOrDefault(what, 0L);
  }

  /** Adds; what would overflow stays at the largest number. */
  void add(Count what, long amount) {
    long sum = get(what) + amount;
    numbers.put(what, sum < 0 ? Long.MAX_VALUE : sum);
  }

  void addAll(Counts others) {
    others.numbers.forEach(this::add);
  }

  void clear() {
    numbers.clear();
  }
}
