package io.millrace.stages.hooks.cache;

import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.HookEnvironment;
import java.util.Map;

/** Tells callers, meters, summaries and events what became of requests. Thread-safe. */
final class Account {

  static final String HEADER = "x-millrace-cache";

  private static final int EVENT_STEPS = 1_000_000;

  private final CacheMeters meters;
  private final Tally tally = new Tally();
  private final double eventSample;

  Account(HookEnvironment environment, double eventSample) {
    this.meters = new CacheMeters(environment.meters());
    this.eventSample = eventSample;
  }

  CacheMeters meters() {
    return meters;
  }

  /** Tells the caller and the meters. */
  void tell(Result result, HookContext context) {
    meters.request(result);
    context.setResponseHeader(HEADER, result.wireName());
  }

  /** Counts a call that was not made. */
  void saved(String scope, Count what, long costNanos) {
    meters.saved(costNanos);
    tally.add(scope, Count.SAVED_NANOS, costNanos);
    tally.add(scope, what, 1);
  }

  /** Whether it is time to write down what was counted. */
  boolean due(String scope) {
    return tally.isDue(scope);
  }

  void missed(String scope) {
    tally.add(scope, Count.MISSES, 1);
  }

  /** Writes down what was counted. */
  void settle(String scope, Answers answers) {
    tally.moveTo(scope, answers.summary());
    answers.save();
  }

  /** Puts an event on its topic, for a sample of requests. */
  void emit(String type, String hash, HookContext context) {
    int step = Math.floorMod(context.requestId().hashCode() * 0x9E3779B1, EVENT_STEPS);
    if (step < eventSample * EVENT_STEPS) {
      context.emit(type, Map.of("key", hash));
    }
  }
}
