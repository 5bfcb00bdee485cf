package io.millrace.stages;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.schemas.avro.CompletionResult;
import java.time.Duration;

/** What the home stage counts. Thread-safe. */
final class HomeMeters {

  private static final String REPLIES_DROPPED = "millrace.home.replies.dropped";

  private final Counter completed;
  private final Counter failed;
  private final Counter fallbacks;
  private final Counter lateReplies;
  private final Counter overdueReplies;
  private final Counter heldReplies;
  private final Timer exchangeTime;

  HomeMeters(MeterRegistry registry) {
    completed = registry.counter("millrace.home.results", "outcome", "completed");
    failed = registry.counter("millrace.home.results", "outcome", "failed");
    fallbacks = registry.counter("millrace.home.fallbacks");
    lateReplies = registry.counter(REPLIES_DROPPED, "reason", "late");
    overdueReplies = registry.counter(REPLIES_DROPPED, "reason", "unknown");
    heldReplies = registry.counter("millrace.home.replies.held");
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
