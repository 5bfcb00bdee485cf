package io.millrace.analytics.health;

import java.time.Duration;

/** Something that is to be done once an interval, and at once the first time. Not thread-safe. */
final class Recurrence {

  private final long intervalMillis;
  private long dueMillis;

  Recurrence(Duration interval) {
    this.intervalMillis = interval.toMillis();
  }

  /** Whether it is to be done now; then it is not until the interval has passed again. */
  boolean isDue(long nowMillis) {
    // Also after a clock that went back, so that nothing waits for it to catch up.
    boolean due = nowMillis >= dueMillis || dueMillis - nowMillis > intervalMillis;
    if (due) {
      dueMillis = nowMillis + intervalMillis;
    }
    return due;
  }
}
