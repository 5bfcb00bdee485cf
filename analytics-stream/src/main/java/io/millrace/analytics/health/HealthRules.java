package io.millrace.analytics.health;

import static io.millrace.schemas.avro.HealthState.DEGRADED;
import static io.millrace.schemas.avro.HealthState.DOWN;
import static io.millrace.schemas.avro.HealthState.HEALTHY;
import static io.millrace.schemas.avro.HealthState.RECOVERING;

import io.millrace.analytics.health.RecentFigures.Sums;
import java.time.Duration;
import java.util.Locale;

/**
 * When a model is fit, and when it is not. Pure.
 *
 * <pre>
 * HEALTHY ⇄ DEGRADED      by the share of the last minute's calls that succeeded or were throttled
 *    └───┬─────┘
 *        ▼  failures in a row and no success for a while, or a small share of successes
 *      DOWN ──────────► RECOVERING 0.1 ─► 0.25 ─► 0.5 ─► HEALTHY
 *        ▲   a success,      │        a step each, with a success in it
 *        └── or time passes ─┘ fails again; the next try waits twice as long
 * </pre>
 *
 * A call that began before a model went down, or began to recover, says nothing of how it is since.
 */
record HealthRules(HealthSettings settings) {

  /** The shares of its traffic that a recovering model gets, in order. */
  private static final double[] SHARES = {0.1, 0.25, 0.5};

  /** A recovering model goes down again when fewer than this share of a step's calls succeed. */
  static final double RELAPSE_BELOW = 0.8;

  /** How far above a threshold a share must be for a state to be left. */
  static final double HYSTERESIS = 0.05;

  /** From this share of throttled calls on a model is degraded. */
  static final double THROTTLED_FROM = 0.1;

  /** How much longer than {@code retryAfter} a model is left alone that was seen to fail. */
  private static final int PATIENCE_WHERE_SEEN = 10;

  private static final Duration FIRST_HOLD = Duration.ofSeconds(5);
  private static final Duration LONGEST_HOLD = Duration.ofMinutes(5);

  /**
   * After a call.
   *
   * @param startedAtMillis when the call began
   * @param counts the last minute, this call included
   */
  Fitness after(
      Fitness fitness, Finding finding, long startedAtMillis, Sums counts, long nowMillis) {
    boolean stale = !fitness.inRotation() && startedAtMillis < fitness.sinceMillis();
    return switch (finding) {
      case NOTHING -> fitness;
      case SUCCESS -> stale ? fitness : afterSuccess(fitness.withSuccess(), counts, nowMillis);
      case FAULT -> stale ? fitness : afterFault(fitness.withFault(nowMillis), counts, nowMillis);
      case THROTTLED -> fitness.inRotation() ? inRotation(fitness, counts, nowMillis) : fitness;
    };
  }

  /** As time passes. */
  Fitness at(Fitness fitness, Sums counts, long nowMillis) {
    return switch (fitness.state()) {
      case HEALTHY, DEGRADED -> inRotation(fitness, counts, nowMillis);
      case RECOVERING -> advance(fitness, nowMillis);
      case DOWN -> whileDown(fitness, nowMillis);
    };
  }

  private Fitness afterSuccess(Fitness fitness, Sums counts, long nowMillis) {
    return switch (fitness.state()) {
      case HEALTHY, DEGRADED -> inRotation(fitness, counts, nowMillis);
      case RECOVERING -> advance(fitness, nowMillis);
      case DOWN ->
          nowMillis - fitness.sinceMillis() < holdMillis(fitness.relapses())
              ? fitness
              : recover(fitness, "it answers again", nowMillis).withSuccess();
    };
  }

  private Fitness afterFault(Fitness fitness, Sums counts, long nowMillis) {
    return switch (fitness.state()) {
      case HEALTHY, DEGRADED -> inRotation(fitness, counts, nowMillis);
      case RECOVERING -> relapsed(fitness) ? relapse(fitness, nowMillis) : fitness;
      case DOWN -> fitness;
    };
  }

  private Fitness inRotation(Fitness fitness, Sums counts, long nowMillis) {
    if (fitness.failures() >= settings.downFailures()
        && nowMillis - fitness.failingSinceMillis() >= settings.downAfter().toMillis()) {
      return down(fitness, fitness.failures() + " calls in a row failed", nowMillis);
    }
    boolean enough = counts.judged() >= settings.minCalls();
    if (enough && counts.successRate() < settings.downBelow()) {
      return down(fitness, percent(counts.successRate()) + " of its calls succeeded", nowMillis);
    }
    return fitness.state() == HEALTHY
        ? degrade(fitness, counts, nowMillis)
        : improve(fitness, counts, nowMillis);
  }

  private Fitness degrade(Fitness fitness, Sums counts, long nowMillis) {
    if (counts.judged() >= settings.minCalls() && counts.successRate() < settings.degradedBelow()) {
      return fitness.enter(
          DEGRADED,
          1,
          0,
          "only " + percent(counts.successRate()) + " of its calls succeeded",
          nowMillis);
    }
    if (counts.judged() + counts.throttled() >= settings.minCalls()
        && counts.throttledShare() >= THROTTLED_FROM) {
      return fitness.enter(
          DEGRADED,
          1,
          0,
          percent(counts.throttledShare()) + " of its calls were too many for it",
          nowMillis);
    }
    return fitness;
  }

  private Fitness improve(Fitness fitness, Sums counts, long nowMillis) {
    boolean few = counts.judged() + counts.throttled() < settings.minCalls();
    boolean good =
        counts.successRate() >= Math.min(1, settings.degradedBelow() + HYSTERESIS)
            && counts.throttledShare() < THROTTLED_FROM - HYSTERESIS;
    // Failures in a row keep it degraded, so that a model nobody calls much does not swing.
    return good || (few && fitness.failures() == 0)
        ? fitness.enter(HEALTHY, 1, 0, "", nowMillis)
        : fitness;
  }

  private Fitness advance(Fitness fitness, long nowMillis) {
    if (fitness.stepSuccesses() == 0
        || nowMillis - fitness.stepMillis() < settings.step().toMillis()) {
      return fitness;
    }
    for (double share : SHARES) {
      if (share > fitness.admitShare()) {
        return fitness.step(share, nowMillis);
      }
    }
    return fitness.enter(HEALTHY, 1, 0, "", nowMillis);
  }

  private Fitness whileDown(Fitness fitness, long nowMillis) {
    boolean seen = fitness.lookedAtMillis() >= fitness.sinceMillis();
    long patience =
        Math.max(
            settings.retryAfter().toMillis() * (seen ? PATIENCE_WHERE_SEEN : 1),
            holdMillis(fitness.relapses()));
    return nowMillis - fitness.sinceMillis() < patience
        ? fitness
        : recover(fitness, "a share of requests tries it again", nowMillis);
  }

  private static Fitness recover(Fitness fitness, String why, long nowMillis) {
    return fitness.enter(RECOVERING, SHARES[0], fitness.relapses(), why, nowMillis);
  }

  private static boolean relapsed(Fitness fitness) {
    double all = (double) fitness.stepSuccesses() + fitness.stepFaults();
    return fitness.stepSuccesses() < RELAPSE_BELOW * all;
  }

  private static Fitness relapse(Fitness fitness, long nowMillis) {
    int relapses = Math.min(fitness.relapses(), 62) + 1;
    return fitness.enter(DOWN, 0, relapses, "it failed again while it recovered", nowMillis);
  }

  private static Fitness down(Fitness fitness, String why, long nowMillis) {
    return fitness.enter(DOWN, 0, fitness.relapses(), why, nowMillis);
  }

  /** How long a success does not count after going down: 0, then 5 s doubling up to 5 minutes. */
  static long holdMillis(int relapses) {
    if (relapses == 0) {
      return 0;
    }
    long doubled = FIRST_HOLD.toMillis() << Math.min(relapses - 1, 20);
    return Math.min(doubled, LONGEST_HOLD.toMillis());
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", share * 100);
  }
}
