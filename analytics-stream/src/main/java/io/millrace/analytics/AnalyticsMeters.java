package io.millrace.analytics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * What analytics counts of its own work. Counts go up once per processing, so a call processed
 * again after a crash counts again here, though not in the windows.
 */
final class AnalyticsMeters {

  static final String CALLS = "millrace.analytics.calls";
  static final String CALLS_LATE = "millrace.analytics.calls.late";
  static final String CALLS_AHEAD = "millrace.analytics.calls.ahead";
  static final String CALLS_COLLAPSED = "millrace.analytics.calls.collapsed";
  static final String DEAD_LETTERS = "millrace.analytics.dead.letters";
  static final String EVENT_ALERTS = "millrace.analytics.event.alerts";
  static final String SUBJECTS_REFUSED = "millrace.analytics.subjects.refused";

  private final MeterRegistry registry;
  private final Counter calls;
  private final Counter late;
  private final Counter ahead;
  private final Counter collapsed;
  private final Counter deadLetters;
  private final Counter subjectsRefused;
  private final Counter eventAlerts;

  AnalyticsMeters(MeterRegistry registry) {
    this.registry = registry;
    calls = counter(registry, CALLS, "Provider calls read");
    late = counter(registry, CALLS_LATE, "Calls dropped: their window was closed");
    ahead = counter(registry, CALLS_AHEAD, "Calls dated in the future and counted as of now");
    collapsed =
        counter(registry, CALLS_COLLAPSED, "Calls counted as other: the window held maxSeries");
    deadLetters = counter(registry, DEAD_LETTERS, "Records that could not be decoded");
    eventAlerts = counter(registry, EVENT_ALERTS, "Alerts made of events");
    subjectsRefused =
        counter(registry, SUBJECTS_REFUSED, "Calls not watched: too many providers at once");
  }

  /** Where parts with meters of their own have them. */
  MeterRegistry registry() {
    return registry;
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  void countCall() {
    calls.increment();
  }

  void countLate() {
    late.increment();
  }

  void countAhead() {
    ahead.increment();
  }

  void countCollapsed() {
    collapsed.increment();
  }

  void countDeadLetter() {
    deadLetters.increment();
  }

  void countEventAlert() {
    eventAlerts.increment();
  }

  void countSubjectRefused() {
    subjectsRefused.increment();
  }
}
