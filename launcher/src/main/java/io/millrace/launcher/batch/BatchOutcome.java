package io.millrace.launcher.batch;

import java.time.Duration;

/**
 * How a run ended.
 *
 * @param tally its figures
 * @param finished whether every line of the input is answered; else the run was stopped
 * @param duration how long it took
 */
record BatchOutcome(Tally tally, boolean finished, Duration duration) {

  /** Whether every line has a completion. */
  boolean success() {
    return finished && tally.allCompleted();
  }
}
