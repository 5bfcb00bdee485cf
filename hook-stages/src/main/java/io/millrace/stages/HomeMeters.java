package io.millrace.stages;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.schemas.avro.CompletionResult;
import java.time.Duration;

/** What the home stage counts. Thread-safe. */
final class HomeMeters {

  private static final String REPLIES_DROPPED = "millrace.home.replies.dropped";

  private static final String PARKED = "millrace.home.parked";

  private final Counter completed;
  private final Counter failed;
  private final Counter fallbacks;
  private final Counter lateReplies;
  private final Counter overdueReplies;
  private final Counter heldReplies;
  private final Counter deferrals;
  private final Counter joins;
  private final Counter coalesced;
  private final Timer exchangeTime;

  HomeMeters(MeterRegistry registry) {
    completed = registry.counter("millrace.home.results", "outcome", "completed");
    failed = registry.counter("millrace.home.results", "outcome", "failed");
    fallbacks = registry.counter("millrace.home.fallbacks");
    lateReplies = registry.counter(REPLIES_DROPPED, "reason", "late");
    overdueReplies = registry.counter(REPLIES_DROPPED, "reason", "unknown");
    heldReplies = registry.counter("millrace.home.replies.held");
    deferrals = registry.counter(PARKED, "for", "time");
    joins = registry.counter(PARKED, "for", "leader");
    coalesced = registry.counter("millrace.home.coalesced");
    exchangeTime =
        Timer.builder("millrace.home.exchange.time")
            .description("From acceptance to result")
            .publishPercentileHistogram()
            .register(registry);
  }

  void result(boolean success, CompletionResult result) {
    (success ? completed : failed).increment();
    exchangeTime.record(
        Duration.ofMillis(
            Math.max(0, result.getFinishedAtMillis() - result.getAcceptedAtMillis())));
  }

  void fallback() {
    fallbacks.increment();
  }

  /** An exchange was parked for a time. */
  void deferred() {
    deferrals.increment();
  }

  /** An exchange was parked until another has its outcome. */
  void joined() {
    joins.increment();
  }

  /** An exchange took another's outcome. */
  void coalesced() {
    coalesced.increment();
  }

  /** A reply to an attempt that is over. */
  void lateReply() {
    lateReplies.increment();
  }

  /** A reply whose request never came. */
  void unknownReply() {
    overdueReplies.increment();
  }

  void heldReply() {
    heldReplies.increment();
  }
}
