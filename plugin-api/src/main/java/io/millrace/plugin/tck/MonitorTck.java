package io.millrace.plugin.tck;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.plugin.monitor.MetricWindow;
import io.millrace.plugin.monitor.Monitor;
import io.millrace.plugin.monitor.MonitorFactory;
import io.millrace.plugin.testing.TestContext;
import io.millrace.plugin.testing.TestMonitorContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every monitor keeps to; used as {@link HookTck} is. */
public abstract class MonitorTck extends NamedPluginTck {

  /** For subclasses. */
  protected MonitorTck() {}

  /** The monitor's entry point; a new one at every call. */
  protected abstract MonitorFactory factory();

  @Override
  final String name() {
    return factory().name();
  }

  @Override
  final String description() {
    return factory().description();
  }

  @Override
  final @Nullable String configSchema() {
    return factory().configSchema();
  }

  @Test
  void shouldSampleNeverOrAtMostOnceASecond() {
    for (Map<String, Object> config : samples()) {
      try (Monitor monitor = factory().create(config)) {
        Duration interval = monitor.sampleInterval();
        assertTrue(
            interval.isZero() || interval.compareTo(Duration.ofSeconds(1)) >= 0,
            "sampleInterval is zero or at least a second, not " + interval);
      }
    }
  }

  @Test
  void shouldTakeWindowsOfEveryKindAndNameItsFiguresWell() {
    for (Map<String, Object> config : samples()) {
      try (Monitor monitor = factory().create(config)) {
        TestMonitorContext context = new TestMonitorContext();
        for (MetricWindow window : List.of(window(100, 0), window(100, 100), window(0, 0))) {
          monitor.onWindow(window, context.advance(Duration.ofMinutes(1)));
          monitor.sample(context);
        }
        context
            .reports()
            .forEach(
                report ->
                    assertTrue(
                        report.metric().matches("[a-z][a-z0-9]*(_[a-z0-9]+)*"),
                        "a metric is lower case words joined by underscores: " + report.metric()));
      }
    }
  }

  private static MetricWindow window(long requests, long errors) {
    return new MetricWindow(
        TestContext.START,
        TestContext.START.plus(Duration.ofMinutes(1)),
        "simulated",
        "small",
        "tenant",
        requests,
        errors,
        errors == 0 ? Map.of() : Map.of("upstream_error", errors),
        80_000,
        200_000,
        900_000,
        requests * 10,
        requests * 20,
        requests * 1_000);
  }
}
