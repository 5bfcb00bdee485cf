package io.millrace.plugin.monitor;

import java.time.Instant;

/** What a monitor sees and says. Valid during the call only. */
public interface MonitorContext {

  /** The most figures that one monitor may watch, counted by metric and subject. */
  int MAX_FIGURES = 10_000;

  /** The current time; use this and not the system's, so that tests can set it. */
  Instant now();

  /**
   * Reports a figure: it becomes a metric.
   *
   * @param metric lower case words joined by underscores, the unit last
   * @param subject what it is about, e.g. {@code provider=openai}
   * @throws IllegalStateException when there would be more than {@link #MAX_FIGURES} figures
   */
  void report(String metric, String subject, double value);

  /**
   * Reports a figure and holds it to a threshold: an alert is written whenever its level changes,
   * and resolved when it is normal again.
   */
  void report(String metric, String subject, double value, Threshold threshold);
}
