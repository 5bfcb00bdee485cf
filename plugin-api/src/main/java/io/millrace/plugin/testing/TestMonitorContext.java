package io.millrace.plugin.testing;

import io.millrace.plugin.monitor.MonitorContext;
import io.millrace.plugin.monitor.Threshold;
import io.millrace.plugin.monitor.Threshold.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Surroundings for a monitor's unit tests: time stands still until it is moved, what is reported
 * can be read. Not thread-safe.
 */
public final class TestMonitorContext implements MonitorContext {

  private final List<Reported> reports = new ArrayList<>();
  private Instant now = TestContext.START;

  /** At {@link TestContext#START}. */
  public TestMonitorContext() {}

  /** A figure that was reported; without a threshold its level is normal. */
  public record Reported(String metric, String subject, double value, Level level) {}

  /** Lets time pass. */
  public TestMonitorContext advance(Duration duration) {
    now = now.plus(duration);
    return this;
  }

  /** What the monitor reported, oldest first. */
  public List<Reported> reports() {
    return List.copyOf(reports);
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public void report(String metric, String subject, double value) {
    reports.add(new Reported(metric, subject, value, Level.NORMAL));
  }

  @Override
  public void report(String metric, String subject, double value, Threshold threshold) {
    reports.add(new Reported(metric, subject, value, threshold.levelOf(value)));
  }
}
