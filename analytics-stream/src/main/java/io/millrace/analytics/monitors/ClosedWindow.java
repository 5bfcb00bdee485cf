package io.millrace.analytics.monitors;

import io.millrace.plugin.monitor.MetricWindow;
import java.time.Instant;

/** A window as monitors see it. */
final class ClosedWindow {

  private ClosedWindow() {}

  /** Everything of a record but its sketch. */
  static MetricWindow model(io.millrace.schemas.avro.MetricWindow window) {
    return new MetricWindow(
        Instant.ofEpochMilli(window.getWindowStartMillis()),
        Instant.ofEpochMilli(window.getWindowEndMillis()),
        window.getProvider(),
        window.getModel(),
        window.getTenant(),
        window.getRequests(),
        window.getErrors(),
        window.getErrorsByCode(),
        window.getLatencyP50Micros(),
        window.getLatencyP95Micros(),
        window.getLatencyP99Micros(),
        window.getPromptTokens(),
        window.getCompletionTokens(),
        window.getCostNanos());
  }
}
