package io.millrace.stages.reply;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** What is counted of copies of results. Thread-safe. */
final class ReplyMeters {

  /** Copies that were sent or given up; tag {@value #OUTCOME}: a {@link ReplyOutcome}. */
  static final String REPLIES = "millrace.replies";

  static final String OUTCOME = "outcome";

  private final MeterRegistry registry;

  ReplyMeters(MeterRegistry registry) {
    this.registry = registry;
    for (ReplyOutcome outcome : ReplyOutcome.values()) {
      count(outcome, 0);
    }
  }

  void count(ReplyOutcome outcome) {
    count(outcome, 1);
  }

  private void count(ReplyOutcome outcome, int times) {
    registry.counter(REPLIES, OUTCOME, outcome.name().toLowerCase(Locale.ROOT)).increment(times);
  }
}
