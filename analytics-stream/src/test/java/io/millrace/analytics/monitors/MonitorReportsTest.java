package io.millrace.analytics.monitors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.monitor.MonitorContext;
import io.millrace.plugin.monitor.Threshold;
import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.avro.AlertLevel;
import io.millrace.schemas.model.TrustedRecords;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MonitorReportsTest {

  static {
    TrustedRecords.trust();
  }

  private static final Threshold THRESHOLD = new Threshold(0.1, 0.5);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<Alert> alerts = new ArrayList<>();
  private Instant now = Instant.ofEpochMilli(1_000);
  private final MonitorReports reports =
      new MonitorReports("watch", () -> now, meters, alerts::add);

  @Test
  void shouldAlertWheneverTheLevelChangesAndOnlyThen() {
    for (double value : List.of(0.05, 0.2, 0.3, 0.9, 0.2, 0.01, 0.0, 0.1)) {
      now = now.plusMillis(10);
      reports.report("failed_ratio", "provider=a", value, THRESHOLD);
    }
    assertThat(alerts)
        .extracting(
            alert -> alert.getLevel() + " " + alert.getThreshold() + " " + alert.getAlertId())
        .containsExactly(
            "WARNING 0.1 watch|failed_ratio|provider=a|1020",
            "CRITICAL 0.5 watch|failed_ratio|provider=a|1020",
            "WARNING 0.1 watch|failed_ratio|provider=a|1020",
            "RESOLVED 0.1 watch|failed_ratio|provider=a|1020",
            "WARNING 0.1 watch|failed_ratio|provider=a|1080");
    assertThat(alerts.getFirst().getMessage())
        .isEqualTo("failed_ratio of provider=a is 0.2000 (warning from 0.1000)");
  }

  @Test
  void shouldKeepSubjectsApartAndShowEachAsAGauge() {
    reports.report("failed_ratio", "provider=a", 0.9, THRESHOLD);
    reports.report("failed_ratio", "provider=b", 0.2, THRESHOLD);
    reports.report("spent_usd", "tenant=t", 3);
    assertThat(alerts).extracting(Alert::getSubject).containsExactly("provider=a", "provider=b");
    assertThat(
            meters
                .get(MonitorReports.GAUGE)
                .tags("monitor", "watch", "metric", "spent_usd", "subject", "tenant=t")
                .gauge()
                .value())
        .isEqualTo(3);
  }

  @Test
  void shouldGoOnWithAnAlertThatWasOpenBefore() {
    reports.report("failed_ratio", "provider=a", 0.9, THRESHOLD);
    reports.report("failed_ratio", "provider=b", 0.2, THRESHOLD);
    List<Alert> before = List.copyOf(alerts);
    alerts.clear();
    MonitorReports restarted = new MonitorReports("watch", () -> now, meters, alerts::add);
    before.forEach(restarted::adopt);
    now = now.plusSeconds(60);
    restarted.report("failed_ratio", "provider=a", 0.8, THRESHOLD);
    restarted.report("failed_ratio", "provider=a", 0, THRESHOLD);
    restarted.report("failed_ratio", "provider=b", 0.7, THRESHOLD);
    assertThat(alerts)
        .extracting(alert -> alert.getLevel() + " " + alert.getAlertId())
        .containsExactly(
            "RESOLVED watch|failed_ratio|provider=a|1000",
            "CRITICAL watch|failed_ratio|provider=b|1000");
  }

  @Test
  void shouldFollowWhatAnotherInstanceMadeOfAnAlertMeanwhile() {
    reports.report("failed_ratio", "provider=a", 0.9, THRESHOLD);
    Alert resolved = Alert.newBuilder(alerts.getFirst()).setLevel(AlertLevel.RESOLVED).build();
    reports.adopt(resolved);
    now = now.plusSeconds(60);
    reports.report("failed_ratio", "provider=a", 0.9, THRESHOLD);
    assertThat(alerts.getLast().getAlertId()).isEqualTo("watch|failed_ratio|provider=a|61000");
  }

  @Test
  void shouldPassOverAlertsThatAreNotItsOwn() {
    reports.report("failed_ratio", "provider=a", 0.9, THRESHOLD);
    Alert mine = alerts.getFirst();
    MonitorReports restarted = new MonitorReports("watch", () -> now, meters, alerts::add);
    restarted.adopt(Alert.newBuilder(mine).setRule("error-rate").build());
    restarted.adopt(Alert.newBuilder(mine).setAlertId("watch|failed_ratio|provider=a|x").build());
    restarted.adopt(Alert.newBuilder(mine).setAlertId("of another making").build());
    alerts.clear();
    restarted.report("failed_ratio", "provider=a", 0, THRESHOLD);
    assertThat(alerts).isEmpty();
  }

  @Test
  void shouldRefuseMoreFiguresThanThereMayBe() {
    for (int i = 0; i < MonitorContext.MAX_FIGURES; i++) {
      reports.report("figure", "n=" + i, i);
    }
    reports.report("figure", "n=0", 1);
    assertThatThrownBy(() -> reports.report("figure", "n=x", 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("monitor 'watch' watches 10,000 figures");
  }
}
