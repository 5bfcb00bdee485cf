package io.millrace.analytics.monitors;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.plugin.monitor.MonitorContext;
import io.millrace.plugin.monitor.Threshold;
import io.millrace.plugin.monitor.Threshold.Level;
import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.avro.AlertLevel;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one monitor reports: each figure a gauge, and an alert whenever the level of one changes.
 * Alerts that were opened before, by this process or another, are adopted: they go on under their
 * id. Used by one thread; gauges are read by others.
 */
final class MonitorReports implements MonitorContext {

  static final String GAUGE = "millrace.monitor.value";

  private final String monitor;
  private final InstantSource clock;
  private final MeterRegistry meters;
  private final Consumer<Alert> alerts;
  private final Map<Subject, Figure> figures = new HashMap<>();
  private final Map<Subject, Opened> adopted = new HashMap<>();

  MonitorReports(
      String monitor, InstantSource clock, MeterRegistry meters, Consumer<Alert> alerts) {
    this.monitor = monitor;
    this.clock = clock;
    this.meters = meters;
    this.alerts = alerts;
  }

  /**
   * Takes over what the alerts topic says about a figure, over what is known here: of several
   * instances another may have had the figure meanwhile.
   *
   * @param alert any rule's; those of others are passed over
   */
  void adopt(Alert alert) {
    if (!alert.getRule().equals(monitor)) {
      return;
    }
    Subject subject = new Subject(alert.getMetric(), alert.getSubject());
    Opened opened = opened(alert);
    if (opened == null) {
      return;
    }
    Figure known = figures.get(subject);
    if (known != null) {
      known.become(opened);
    } else if (opened.level() == Level.NORMAL) {
      adopted.remove(subject);
    } else if (adopted.containsKey(subject) || adopted.size() < MAX_FIGURES) {
      adopted.put(subject, opened);
    }
  }

  /** What an alert says, or null where another than a monitor has written it. */
  private static @Nullable Opened opened(Alert alert) {
    String stem = stem(alert.getRule(), alert.getMetric(), alert.getSubject());
    if (!alert.getAlertId().startsWith(stem)) {
      return null;
    }
    try {
      return new Opened(
          level(alert.getLevel()), Long.parseLong(alert.getAlertId().substring(stem.length())));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static String stem(String monitor, String metric, String subject) {
    return monitor + "|" + metric + "|" + subject + "|";
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public void report(String metric, String subject, double value) {
    figure(metric, subject).value = value;
  }

  @Override
  public void report(String metric, String subject, double value, Threshold threshold) {
    Figure figure = figure(metric, subject);
    figure.value = value;
    Level before = figure.level;
    Level level = threshold.levelOf(value);
    if (level != before) {
      figure.openedAtMillis = before == Level.NORMAL ? now().toEpochMilli() : figure.openedAtMillis;
      figure.level = level;
      alerts.accept(alert(metric, subject, figure, threshold));
    }
  }

  private Figure figure(String metric, String subject) {
    Subject key = new Subject(metric, subject);
    Figure known = figures.get(key);
    if (known != null) {
      return known;
    }
    if (figures.size() == MAX_FIGURES) {
      throw new IllegalStateException(
          "monitor '%s' watches %,d figures, the most there may be"
              .formatted(monitor, MAX_FIGURES));
    }
    Figure created = new Figure();
    Opened before = adopted.remove(key);
    if (before != null) {
      created.become(before);
    }
    figures.put(key, created);
    Gauge.builder(GAUGE, created, figure -> figure.value)
        .description("Figures that monitors of plugins report")
        .tag("monitor", monitor)
        .tag("metric", metric)
        .tag("subject", subject)
        .register(meters);
    return created;
  }

  private Alert alert(String metric, String subject, Figure figure, Threshold threshold) {
    double bound = figure.level == Level.CRITICAL ? threshold.critical() : threshold.warning();
    return Alert.newBuilder()
        .setAlertId(stem(monitor, metric, subject) + figure.openedAtMillis)
        .setRule(monitor)
        .setSubject(subject)
        .setLevel(level(figure.level))
        .setMetric(metric)
        .setValue(figure.value)
        .setThreshold(bound)
        .setAtMillis(now().toEpochMilli())
        .setMessage(
            String.format(
                Locale.ROOT,
                "%s of %s is %.4g (%s %.4g)",
                metric,
                subject,
                figure.value,
                figure.level == Level.NORMAL
                    ? "below"
                    : figure.level.name().toLowerCase(Locale.ROOT) + " from",
                bound))
        .build();
  }

  private static AlertLevel level(Level level) {
    return switch (level) {
      case NORMAL -> AlertLevel.RESOLVED;
      case WARNING -> AlertLevel.WARNING;
      case CRITICAL -> AlertLevel.CRITICAL;
    };
  }

  private static Level level(AlertLevel level) {
    return switch (level) {
      case RESOLVED -> Level.NORMAL;
      case WARNING -> Level.WARNING;
      case CRITICAL -> Level.CRITICAL;
    };
  }

  /** A level, and when the alert was opened that came to it. */
  private record Opened(Level level, long atMillis) {}

  private record Subject(String metric, String subject) {}

  private static final class Figure {
    private volatile double value;
    private Level level = Level.NORMAL;
    private long openedAtMillis;

    void become(Opened opened) {
      level = opened.level();
      openedAtMillis = opened.atMillis();
    }
  }
}
