package io.millrace.analytics.monitors;

import io.micrometer.core.instrument.Counter;
import io.millrace.plugin.monitor.MetricWindow;
import io.millrace.plugin.monitor.Monitor;
import io.millrace.schemas.avro.Alert;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One monitor at work; what it throws harms nobody else. Used by one thread. */
final class ActiveMonitor implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ActiveMonitor.class);

  private final String name;
  private final Monitor monitor;
  private final MonitorReports reports;
  private final Counter faults;
  private Instant sampled;

  ActiveMonitor(String name, Monitor monitor, MonitorReports reports, Counter faults) {
    this.name = name;
    this.monitor = monitor;
    this.reports = reports;
    this.faults = faults;
    this.sampled = reports.now();
  }

  /** Goes on with an alert that was opened before. */
  void adopt(Alert alert) {
    reports.adopt(alert);
  }

  void see(MetricWindow window) {
    guarded(() -> monitor.onWindow(window, reports));
  }

  /** Samples when the monitor's interval is over. */
  void sampleWhenDue() {
    guarded(
        () -> {
          Duration interval = monitor.sampleInterval();
          if (!interval.isZero() && !reports.now().isBefore(sampled.plus(interval))) {
            sampled = reports.now();
            monitor.sample(reports);
          }
        });
  }

  private void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | LinkageError e) {
      faults.increment();
      LOG.warn("monitor {} failed and goes on with the next window", name, e);
    }
  }

  @Override
  public void close() {
    guarded(monitor::close);
  }
}
