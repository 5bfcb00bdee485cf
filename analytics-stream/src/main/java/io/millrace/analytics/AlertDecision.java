package io.millrace.analytics;

/**
 * Whether a look at the figures changes an alert. A severity is raised at once, and lowered only
 * after things have been better without a break for a while; so an alert does not flap, and each
 * decision that {@link #changes} is told exactly once.
 *
 * @param next what to remember
 * @param changes whether the severity is another than before
 */
record AlertDecision(AlertState next, boolean changes) {

  /**
   * Decides.
   *
   * @param state what was remembered
   * @param reached the severity whose threshold the figures reach
   * @param held the severity whose lower threshold, for leaving it, they still reach; at least
   *     {@code reached}
   * @param nowMillis never less than in an earlier decision on the same state
   * @param lowerAfterMillis how long things must have been better
   */
  static AlertDecision decide(
      AlertState state, Severity reached, Severity held, long nowMillis, long lowerAfterMillis) {
    if (reached.compareTo(state.severity()) > 0) {
      long openedAt = state.open() ? state.openedAtMillis() : nowMillis;
      return change(new AlertState(reached, openedAt, AlertState.NOT_CALM));
    }
    if (held.compareTo(state.severity()) >= 0) {
      return keep(new AlertState(state.severity(), state.openedAtMillis(), AlertState.NOT_CALM));
    }
    long calmSince = state.calm() ? state.calmSinceMillis() : nowMillis;
    if (nowMillis - calmSince < lowerAfterMillis) {
      return keep(new AlertState(state.severity(), state.openedAtMillis(), calmSince));
    }
    return change(
        held == Severity.NONE
            ? AlertState.QUIET
            : new AlertState(held, state.openedAtMillis(), AlertState.NOT_CALM));
  }

  private static AlertDecision change(AlertState next) {
    return new AlertDecision(next, true);
  }

  private static AlertDecision keep(AlertState next) {
    return new AlertDecision(next, false);
  }
}
