package io.millrace.stages.routing;

import io.millrace.plugin.model.Target;
import io.millrace.plugin.routing.Candidate;
import io.millrace.plugin.routing.CandidateHealth;
import io.millrace.schemas.avro.ProviderHealth;
import io.millrace.schemas.health.ProviderHealthView;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Puts together what is known of a target. Thread-safe; never waits.
 *
 * @param routing what the configuration and the providers say
 * @param health what is known of the health of all
 * @param picks what this process did in the last second
 * @param clock the time
 */
record Candidates(
    Routing routing, ProviderHealthView health, RecentPicks picks, InstantSource clock) {

  /**
   * How old the news may be that somebody is down or recovers. While analytics runs it comes anew,
   * or ends, long before; without analytics nobody must stay out for ever.
   */
  static final Duration STALE_AFTER = Duration.ofMinutes(15);

  private static final double MICROS_PER_SECOND = 1_000_000;

  Candidate of(Target target) {
    ProviderRank rank = routing.policy().rankOf(target.provider());
    ProviderHealth seen = health.of(target.provider(), target.model()).orElse(null);
    Candidate known =
        seen == null
            ? new Candidate(target, picks.of(target), 0, 1, Duration.ZERO)
            : seen(target, seen);
    return known.withModel(routing.modelOf(target)).withRank(rank.priority(), rank.weight());
  }

  private Candidate seen(Target target, ProviderHealth seen) {
    long meanMicros = Math.max(0, seen.getLatencyRecentMeanMicros());
    // Little's law: requests of a second, times how many seconds each takes, are in flight.
    int inFlight = (int) Math.ceil(picks.of(target) * (meanMicros / MICROS_PER_SECOND));
    return new Candidate(
            target,
            inFlight,
            Math.max(0, seen.getCalls()),
            share(seen.getSuccessRate()),
            micros(meanMicros))
        .withHealth(
            new CandidateHealth(
                stateOf(seen),
                share(seen.getAdmitShare()),
                Math.max(0, seen.getLoad()),
                micros(seen.getLatencyP50Micros()),
                micros(seen.getLatencyP95Micros())));
  }

  private CandidateHealth.State stateOf(ProviderHealth health) {
    return switch (health.getState()) {
      case HEALTHY -> CandidateHealth.State.HEALTHY;
      case DEGRADED -> CandidateHealth.State.DEGRADED;
      case DOWN -> unlessStale(health, CandidateHealth.State.DOWN);
      case RECOVERING -> unlessStale(health, CandidateHealth.State.RECOVERING);
    };
  }

  private CandidateHealth.State unlessStale(ProviderHealth health, CandidateHealth.State state) {
    boolean stale = clock.millis() - health.getAtMillis() > STALE_AFTER.toMillis();
    return stale ? CandidateHealth.State.UNKNOWN : state;
  }

  private static Duration micros(long micros) {
    return Duration.ofNanos(Math.min(Math.max(0, micros), Long.MAX_VALUE / 1_000) * 1_000);
  }

  private static double share(double value) {
    return value >= 0 ? Math.min(1, value) : 0;
  }
}
