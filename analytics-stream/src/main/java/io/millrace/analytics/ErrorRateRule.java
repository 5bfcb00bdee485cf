package io.millrace.analytics;

import io.millrace.analytics.AnalyticsConfig.ErrorRateSettings;
import io.millrace.analytics.RecentCalls.Counts;
import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.avro.AlertLevel;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** The alert on the share of a provider's calls that fail. Pure. */
record ErrorRateRule(ErrorRateSettings settings) {

  static final String NAME = "error-rate";
  static final String METRIC = "error_rate";

  /** So that a rate equal to a threshold reaches it, whatever the last binary digit. */
  private static final double ROUNDING = 1e-9;

  /**
   * A decision, and what to tell about it.
   *
   * @param rate what to remember
   * @param alert what to publish; empty when nothing changed
   */
  record Verdict(WatchedRate rate, Optional<Alert> alert) {}

  static String subjectOf(String provider) {
    return "provider=" + provider;
  }

  /** The key on {@code alerts}. */
  static String keyOf(String provider) {
    return NAME + "|" + subjectOf(provider);
  }

  /** Looks at one provider's figures. */
  Verdict judge(String provider, WatchedRate rate, long nowMillis) {
    Counts counts = rate.recent().at(nowMillis, settings.window().toMillis());
    AlertDecision decision =
        AlertDecision.decide(
            rate.alert(),
            reached(counts),
            held(counts),
            nowMillis,
            settings.resolveAfter().toMillis());
    Optional<Alert> alert =
        decision.changes()
            ? Optional.of(alert(provider, rate.alert(), decision.next(), counts, nowMillis))
            : Optional.empty();
    return new Verdict(new WatchedRate(rate.recent(), decision.next()), alert);
  }

  /** Whether nothing needs to be remembered about the provider any more. */
  boolean forgettable(WatchedRate rate, long nowMillis) {
    return !rate.alert().open()
        && rate.recent().at(nowMillis, settings.window().toMillis()).calls() == 0;
  }

  /** The severity whose threshold is reached, on enough calls. */
  Severity reached(Counts counts) {
    return counts.calls() < settings.minCalls() ? Severity.NONE : severity(counts, 1);
  }

  /** The severity that is not yet left; on however few calls. */
  Severity held(Counts counts) {
    return severity(counts, settings.clearRatio());
  }

  private Severity severity(Counts counts, double ratio) {
    double rate = counts.errorRate() + ROUNDING;
    if (rate >= settings.critical() * ratio) {
      return Severity.CRITICAL;
    }
    return rate >= settings.warning() * ratio ? Severity.WARNING : Severity.NONE;
  }

  private Alert alert(
      String provider, AlertState before, AlertState after, Counts counts, long nowMillis) {
    long openedAt = after.open() ? after.openedAtMillis() : before.openedAtMillis();
    double threshold = threshold(before, after);
    return Alert.newBuilder()
        .setAlertId(keyOf(provider) + "|" + openedAt)
        .setRule(NAME)
        .setSubject(subjectOf(provider))
        .setLevel(levelOf(after.severity()))
        .setMetric(METRIC)
        .setValue(counts.errorRate())
        .setThreshold(threshold)
        .setAtMillis(nowMillis)
        .setMessage(message(provider, before, after, counts, threshold))
        .build();
  }

  private double threshold(AlertState before, AlertState after) {
    boolean raised = after.severity().compareTo(before.severity()) > 0;
    return raised
        ? thresholdOf(after.severity())
        : thresholdOf(before.severity()) * settings.clearRatio();
  }

  private double thresholdOf(Severity severity) {
    return severity == Severity.CRITICAL ? settings.critical() : settings.warning();
  }

  private static AlertLevel levelOf(Severity severity) {
    return switch (severity) {
      case NONE -> AlertLevel.RESOLVED;
      case WARNING -> AlertLevel.WARNING;
      case CRITICAL -> AlertLevel.CRITICAL;
    };
  }

  private String message(
      String provider, AlertState before, AlertState after, Counts counts, double threshold) {
    String what =
        counts.calls() == 0
            ? String.format(
                Locale.ROOT, "no calls to %s in the last %s", provider, text(settings.window()))
            : String.format(
                Locale.ROOT,
                "%.1f %% of %d calls to %s in the last %s failed",
                counts.errorRate() * 100,
                counts.calls(),
                provider,
                text(settings.window()));
    boolean raised = after.severity().compareTo(before.severity()) > 0;
    String comparison =
        raised
            ? String.format(
                Locale.ROOT,
                "%s from %.1f %%",
                after.severity().name().toLowerCase(Locale.ROOT),
                threshold * 100)
            : String.format(
                Locale.ROOT,
                "below %.1f %% for %s",
                threshold * 100,
                text(settings.resolveAfter()));
    return what + " (" + comparison + ")";
  }

  private static String text(Duration duration) {
    return duration.toMillis() % 60_000 == 0
        ? duration.toMinutes() + " min"
        : duration.toMillis() / 1_000.0 + " s";
  }
}
