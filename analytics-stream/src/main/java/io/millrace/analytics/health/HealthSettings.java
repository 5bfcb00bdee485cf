package io.millrace.analytics.health;

import java.time.Duration;
import java.util.Map;

/**
 * By what a provider's model is judged. Immutable.
 *
 * @param downFailures a model is down after this many failed calls in a row, at least 1
 * @param downAfter and none has succeeded for this long, at least 1 ms
 * @param downBelow or fewer than this share of the last minute's calls succeeded, 0 to 1
 * @param degradedBelow fewer than this share make it degraded, at least {@code downBelow}
 * @param minCalls shares are looked at from this many calls on, at least 1
 * @param step how long a recovering model stays at each share of its traffic, at least 1 ms
 * @param retryAfter how long a model is down before a share of its requests tries it although
 *     nobody could look after it; ten times as long where somebody looked and found it failing
 * @param timeouts the time-out of calls by provider: a call that was given up before that was given
 *     up by an impatient caller, and says nothing about the provider
 */
public record HealthSettings(
    int downFailures,
    Duration downAfter,
    double downBelow,
    double degradedBelow,
    int minCalls,
    Duration step,
    Duration retryAfter,
    Map<String, Duration> timeouts) {

  /** A time-out that took this long counts, whatever the provider's is set to. */
  static final Duration PATIENT = Duration.ofSeconds(10);

  /** Checks the bounds and copies the map. */
  public HealthSettings {
    if (downFailures < 1 || minCalls < 1) {
      throw new IllegalArgumentException(
          "downFailures and minCalls must be at least 1, not %d and %d"
              .formatted(downFailures, minCalls));
    }
    if (!(downBelow >= 0 && downBelow <= degradedBelow && degradedBelow <= 1)) {
      throw new IllegalArgumentException(
          "shares must be 0 <= downBelow <= degradedBelow <= 1, not %s, %s"
              .formatted(downBelow, degradedBelow));
    }
    positive("downAfter", downAfter);
    positive("step", step);
    positive("retryAfter", retryAfter);
    timeouts = Map.copyOf(timeouts);
  }

  /** Down after 5 failures in a row within 1 s or below 50 %, degraded below 90 % of 20 calls. */
  public static HealthSettings defaults() {
    return new HealthSettings(
        5,
        Duration.ofSeconds(1),
        0.5,
        0.9,
        20,
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Map.of());
  }

  /** The same with other time-outs. */
  public HealthSettings withTimeouts(Map<String, Duration> replacement) {
    return new HealthSettings(
        downFailures, downAfter, downBelow, degradedBelow, minCalls, step, retryAfter, replacement);
  }

  /** From which latency on a time-out of a provider counts against it. */
  Duration patience(String provider) {
    Duration timeout = timeouts.get(provider);
    if (timeout == null) {
      return Duration.ZERO;
    }
    // What the call itself spends before it waits is not part of its latency to the last.
    Duration most = timeout.multipliedBy(9).dividedBy(10);
    return most.compareTo(PATIENT) > 0 ? PATIENT : most;
  }

  private static void positive(String name, Duration value) {
    if (value.toMillis() < 1) {
      throw new IllegalArgumentException(name + " must be at least 1 ms, not " + value);
    }
  }
}
