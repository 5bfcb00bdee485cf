package io.millrace.launcher.batch;

import org.jspecify.annotations.Nullable;

/** Puts a run's figures into one line. */
final class StatusText {

  private StatusText() {}

  /** {@code 5,120/s, 3 failed, 1 bad, $0.12, 3 min 20 s left}; what is nothing is left out. */
  static String of(Tally tally, Pace pace, @Nullable Long totalLines) {
    StringBuilder text = new StringBuilder();
    if (pace.known()) {
      text.append(Figures.rate(pace.perSecond())).append(", ");
    }
    if (tally.failed() > 0) {
      text.append(Figures.count(tally.failed())).append(" failed, ");
    }
    if (tally.bad() > 0) {
      text.append(Figures.count(tally.bad())).append(" bad, ");
    }
    text.append(Figures.cost(tally.costNanos()));
    pace.remaining(totalLines, tally.done())
        .ifPresent(left -> text.append(", ").append(Figures.duration(left)).append(" left"));
    return text.toString();
  }
}
