package io.millrace.analytics;

import io.millrace.analytics.health.HealthSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * How analytics runs. Immutable.
 *
 * @param stateDirectory where the state stores live; one process at a time
 * @param threads stream threads, at least 1
 * @param commitInterval how often state, offsets and outputs are committed; what readers of
 *     committed records see is this much older
 * @param windows the windows on {@code analytics.realtime}
 * @param errorRate the error-rate alert
 * @param health by what providers are judged
 */
public record AnalyticsConfig(
    Path stateDirectory,
    int threads,
    Duration commitInterval,
    WindowSettings windows,
    ErrorRateSettings errorRate,
    HealthSettings health) {

  /** Checks the bounds. */
  public AnalyticsConfig {
    Objects.requireNonNull(stateDirectory, "stateDirectory");
    Objects.requireNonNull(windows, "windows");
    Objects.requireNonNull(errorRate, "errorRate");
    Objects.requireNonNull(health, "health");
    atLeast("threads", threads, 1);
    positive("commitInterval", commitInterval);
  }

  /** One thread, a commit each second, state in the system's temporary folder. */
  public static AnalyticsConfig defaults() {
    return new AnalyticsConfig(
        Path.of(System.getProperty("java.io.tmpdir"), "millrace", "analytics"),
        1,
        Duration.ofSeconds(1),
        WindowSettings.defaults(),
        ErrorRateSettings.defaults(),
        HealthSettings.defaults());
  }

  /** The same with its state elsewhere. */
  public AnalyticsConfig withStateDirectory(Path directory) {
    return new AnalyticsConfig(directory, threads, commitInterval, windows, errorRate, health);
  }

  /** The same with other windows. */
  public AnalyticsConfig withWindows(WindowSettings settings) {
    return new AnalyticsConfig(
        stateDirectory, threads, commitInterval, settings, errorRate, health);
  }

  /** The same with other rules about providers. */
  public AnalyticsConfig withHealth(HealthSettings settings) {
    return new AnalyticsConfig(
        stateDirectory, threads, commitInterval, windows, errorRate, settings);
  }

  /**
   * One-minute windows by event time, the moment a call ended.
   *
   * @param grace how long after its end a window still takes calls, at most {@link #MAX_GRACE};
   *     later ones are counted and dropped
   * @param idleAfter after this long without any call, time passes by the wall clock, so that the
   *     last windows close
   * @param updateInterval how often open windows that changed are published, and ended ones closed
   * @param maxSeries the most combinations of provider, model and tenant in one window; beyond it,
   *     tenants are summed as {@code other}
   * @param maxErrorCodes the most error codes told apart in one window; beyond it, they are summed
   *     as {@code other}
   */
  public record WindowSettings(
      Duration grace,
      Duration idleAfter,
      Duration updateInterval,
      int maxSeries,
      int maxErrorCodes) {

    /** The length of a window. */
    public static final Duration SIZE = Duration.ofMinutes(1);

    /** The longest grace: it bounds how many windows are open at once. */
    public static final Duration MAX_GRACE = Duration.ofMinutes(10);

    /** Checks the bounds. */
    public WindowSettings {
      notNegative("grace", grace);
      if (grace.compareTo(MAX_GRACE) > 0) {
        throw new IllegalArgumentException("grace must be at most 10 minutes, not " + grace);
      }
      notNegative("idleAfter", idleAfter);
      positive("updateInterval", updateInterval);
      atLeast("maxSeries", maxSeries, 1);
      atLeast("maxErrorCodes", maxErrorCodes, 1);
    }

    /** 10 s of grace, an update every 5 s, 1,000 series and 20 error codes a window. */
    public static WindowSettings defaults() {
      return new WindowSettings(
          Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(5), 1_000, 20);
    }
  }

  /**
   * The alert on a provider's error rate: failed calls over all calls of the last {@code window}.
   *
   * @param warning a rate at or above this warns, above 0
   * @param critical a rate at or above this is critical, at least {@code warning}
   * @param clearRatio a level is left when the rate falls below its threshold times this, above 0
   *     and at most 1
   * @param minCalls a level is only raised on at least this many calls
   * @param window how far back calls count
   * @param resolveAfter how long the rate must stay low, or calls stay away, before a level is left
   * @param evaluationInterval how often the rate is looked at
   */
  public record ErrorRateSettings(
      double warning,
      double critical,
      double clearRatio,
      long minCalls,
      Duration window,
      Duration resolveAfter,
      Duration evaluationInterval) {

    /** Checks the bounds. */
    public ErrorRateSettings {
      if (!(warning > 0 && warning <= critical && critical <= 1)) {
        throw new IllegalArgumentException(
            "thresholds must be 0 < warning <= critical <= 1, not " + warning + ", " + critical);
      }
      if (!(clearRatio > 0 && clearRatio <= 1)) {
        throw new IllegalArgumentException("clearRatio must be in (0, 1], not " + clearRatio);
      }
      atLeast("minCalls", minCalls, 1);
      positive("window", window);
      positive("resolveAfter", resolveAfter);
      positive("evaluationInterval", evaluationInterval);
    }

    /** Warning at 5 %, critical at 10 %, of at least 20 calls in the last minute. */
    public static ErrorRateSettings defaults() {
      return new ErrorRateSettings(
          0.05, 0.10, 0.8, 20, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofSeconds(1));
    }
  }

  private static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
    }
  }

  private static void positive(String name, Duration value) {
    if (value.toMillis() < 1) {
      throw new IllegalArgumentException(name + " must be at least 1 ms, not " + value);
    }
  }

  private static void notNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative, not " + value);
    }
  }
}
