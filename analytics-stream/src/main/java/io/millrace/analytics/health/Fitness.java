package io.millrace.analytics.health;

import io.millrace.schemas.avro.HealthState;

/**
 * The judgement on one model. Immutable. Times are wall clock, in milliseconds.
 *
 * @param state the state
 * @param admitShare which share of its traffic it gets, 0 to 1
 * @param sinceMillis when it came into the state
 * @param stepMillis when it came to the present share
 * @param stepSuccesses calls since then that succeeded
 * @param stepFaults calls since then that failed
 * @param failures failed calls since the last that succeeded
 * @param failingSinceMillis when the first of them ended; 0 without one
 * @param relapses how often it went down again while it recovered
 * @param lookedAtMillis when somebody last looked after it; 0 for never
 * @param reason why it is in this state, for a person
 */
record Fitness(
    HealthState state,
    double admitShare,
    long sinceMillis,
    long stepMillis,
    long stepSuccesses,
    long stepFaults,
    int failures,
    long failingSinceMillis,
    int relapses,
    long lookedAtMillis,
    String reason) {

  /** A model that nothing is known of yet: healthy until it shows otherwise. */
  static Fitness unknown(long nowMillis) {
    return new Fitness(HealthState.HEALTHY, 1, nowMillis, nowMillis, 0, 0, 0, 0, 0, 0, "");
  }

  /** In rotation as a whole: neither down nor recovering. */
  boolean inRotation() {
    return state == HealthState.HEALTHY || state == HealthState.DEGRADED;
  }

  /** Another state, from now on. */
  Fitness enter(HealthState next, double share, int relapsed, String why, long nowMillis) {
    return new Fitness(
        next,
        share,
        nowMillis,
        nowMillis,
        0,
        0,
        next == HealthState.RECOVERING ? 0 : failures,
        next == HealthState.RECOVERING ? 0 : failingSinceMillis,
        relapsed,
        lookedAtMillis,
        why);
  }

  /** The same state with another share. */
  Fitness step(double share, long nowMillis) {
    return new Fitness(
        state,
        share,
        sinceMillis,
        nowMillis,
        0,
        0,
        failures,
        failingSinceMillis,
        relapses,
        lookedAtMillis,
        reason);
  }

  /** One more success. */
  Fitness withSuccess() {
    if (inRotation() && failures == 0) {
      return this;
    }
    return counts(stepSuccesses + 1, stepFaults, 0, 0);
  }

  /** One more failure. */
  Fitness withFault(long nowMillis) {
    int more = failures == Integer.MAX_VALUE ? failures : failures + 1;
    return counts(
        stepSuccesses, stepFaults + 1, more, failures == 0 ? nowMillis : failingSinceMillis);
  }

  /** Somebody looked after it. */
  Fitness lookedAt(long nowMillis) {
    return new Fitness(
        state,
        admitShare,
        sinceMillis,
        stepMillis,
        stepSuccesses,
        stepFaults,
        failures,
        failingSinceMillis,
        relapses,
        nowMillis,
        reason);
  }

  private Fitness counts(long successes, long faults, int failed, long failingSince) {
    return new Fitness(
        state,
        admitShare,
        sinceMillis,
        stepMillis,
        successes,
        faults,
        failed,
        failingSince,
        relapses,
        lookedAtMillis,
        reason);
  }
}
