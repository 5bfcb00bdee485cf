package io.millrace.stages.hooks.shed;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is left out at the moment, and since when things have been better than that. A level is
 * entered at once, and left only after the pressure was low for a while, so it does not flap.
 * Immutable.
 *
 * @param level what is left out
 * @param calmSince since when the pressure has been low enough to leave the level; null while it is
 *     not
 */
record Shedding(Level level, @Nullable Instant calmSince) {

  /** Nothing is left out. */
  static final Shedding NOTHING = new Shedding(Level.NONE, null);

  /** What follows from a look at the pressure; the same instance where nothing does. */
  Shedding next(double pressure, Thresholds thresholds, Instant now) {
    Level reached = thresholds.reached(pressure);
    if (reached.compareTo(level) > 0) {
      return new Shedding(reached, null);
    }
    Level held = thresholds.held(pressure);
    if (held.compareTo(level) >= 0) {
      return calmSince == null ? this : new Shedding(level, null);
    }
    // A clock that was set back begins the wait anew; it does not end it.
    if (calmSince == null || calmSince.isAfter(now)) {
      return new Shedding(level, now);
    }
    return Duration.between(calmSince, now).compareTo(thresholds.hold()) < 0
        ? this
        : new Shedding(held, null);
  }
}
