package io.millrace.stages;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.millrace.stages.HookStatus.CallStatistics;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** What is counted about one hook. Meters read it, so counting costs no look-up. Thread-safe. */
final class HookTally {

  static final String CALL_TIME = "millrace.hook.time";
  static final String ERRORS = "millrace.hook.errors";
  static final String SLOW_CALLS = "millrace.hook.slow";
  static final String SHORT_CIRCUITS = "millrace.hook.short.circuits";

  private final Map<HookDirection, Calls> calls = new EnumMap<>(HookDirection.class);
  private final LongAdder shortCircuits = new LongAdder();

  HookTally() {
    for (HookDirection direction : HookDirection.values()) {
      calls.put(direction, new Calls());
    }
  }

  /** The calls of one method. */
  Calls calls(HookDirection direction) {
    return Objects.requireNonNull(calls.get(direction));
  }

  /** Counts a response or an error in place of the provider's. */
  void shortCircuit() {
    shortCircuits.increment();
  }

  long shortCircuits() {
    return shortCircuits.sum();
  }

  /** Shows what is counted to a registry. */
  void bindTo(MeterRegistry registry, String hook) {
    FunctionCounter.builder(SHORT_CIRCUITS, shortCircuits, LongAdder::sum)
        .tag("hook", hook)
        .register(registry);
    calls.forEach((direction, counted) -> counted.bindTo(registry, hook, direction));
  }

  /** Calls of one method: how many, how long, how many went wrong. Thread-safe. */
  static final class Calls {

    private final LongAdder count = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder slow = new LongAdder();
    private final LongAdder totalNanos = new LongAdder();
    private final LongAccumulator maxNanos = new LongAccumulator(Math::max, 0);

    void add(long nanos) {
      count.increment();
      totalNanos.add(nanos);
      maxNanos.accumulate(nanos);
    }

    void addError() {
      errors.increment();
    }

    void addSlow() {
      slow.increment();
    }

    CallStatistics statistics() {
      long number = count.sum();
      double meanMicros = number == 0 ? 0 : totalNanos.sum() / 1_000.0 / number;
      return new CallStatistics(
          number, errors.sum(), slow.sum(), meanMicros, maxNanos.get() / 1_000.0);
    }

    private void bindTo(MeterRegistry registry, String hook, HookDirection direction) {
      Tags tags = Tags.of("hook", hook, "direction", direction.wireName());
      FunctionTimer.builder(
              CALL_TIME,
              this,
              calls -> calls.count.sum(),
              calls -> calls.totalNanos.sum(),
              TimeUnit.NANOSECONDS)
          .tags(tags)
          .register(registry);
      FunctionCounter.builder(ERRORS, this, calls -> calls.errors.sum())
          .tags(tags)
          .register(registry);
      FunctionCounter.builder(SLOW_CALLS, this, calls -> calls.slow.sum())
          .tags(tags)
          .register(registry);
    }
  }
}
