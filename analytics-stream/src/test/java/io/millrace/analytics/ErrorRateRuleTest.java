package io.millrace.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.analytics.AnalyticsConfig.ErrorRateSettings;
import io.millrace.analytics.RecentCalls.Counts;
import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.avro.AlertLevel;
import org.junit.jupiter.api.Test;

class ErrorRateRuleTest {

  private static final long NOW = 600_000;
  private static final long WINDOW = 60_000;

  private final ErrorRateRule rule = new ErrorRateRule(ErrorRateSettings.defaults());

  private static WatchedRate calls(int ok, int failed, AlertState alert) {
    RecentCalls recent = RecentCalls.NONE;
    for (int i = 0; i < ok + failed; i++) {
      recent = recent.with(NOW, i >= ok, WINDOW);
    }
    return new WatchedRate(recent, alert);
  }

  @Test
  void shouldNotJudgeTooFewCalls() {
    assertThat(rule.reached(new Counts(19, 19))).isEqualTo(Severity.NONE);
    assertThat(rule.reached(new Counts(20, 20))).isEqualTo(Severity.CRITICAL);
  }

  @Test
  void shouldReachALevelAtItsThresholdAndHoldItDownToTheLowerOne() {
    assertThat(rule.reached(new Counts(1_000, 49))).isEqualTo(Severity.NONE);
    assertThat(rule.reached(new Counts(1_000, 50))).isEqualTo(Severity.WARNING);
    assertThat(rule.reached(new Counts(1_000, 100))).isEqualTo(Severity.CRITICAL);
    assertThat(rule.held(new Counts(1_000, 80))).isEqualTo(Severity.CRITICAL);
    assertThat(rule.held(new Counts(1_000, 79))).isEqualTo(Severity.WARNING);
    assertThat(rule.held(new Counts(1_000, 40))).isEqualTo(Severity.WARNING);
    assertThat(rule.held(new Counts(1_000, 39))).isEqualTo(Severity.NONE);
  }

  @Test
  void shouldSayWhatIsWrongWhenItOpens() {
    Alert alert = rule.judge("openai", calls(93, 7, AlertState.QUIET), NOW).alert().orElseThrow();

    assertThat(alert.getAlertId()).isEqualTo("error-rate|provider=openai|600000");
    assertThat(alert.getRule()).isEqualTo("error-rate");
    assertThat(alert.getSubject()).isEqualTo("provider=openai");
    assertThat(alert.getLevel()).isEqualTo(AlertLevel.WARNING);
    assertThat(alert.getMetric()).isEqualTo("error_rate");
    assertThat(alert.getValue()).isEqualTo(0.07);
    assertThat(alert.getThreshold()).isEqualTo(0.05);
    assertThat(alert.getAtMillis()).isEqualTo(NOW);
    assertThat(alert.getMessage())
        .isEqualTo("7.0 % of 100 calls to openai in the last 1 min failed (warning from 5.0 %)");
  }

  @Test
  void shouldResolveUnderTheSameIdWhenItHasBeenCalm() {
    AlertState calm = new AlertState(Severity.CRITICAL, 1_234, NOW - 60_000);

    Alert alert = rule.judge("openai", calls(100, 0, calm), NOW).alert().orElseThrow();

    assertThat(alert.getAlertId()).isEqualTo("error-rate|provider=openai|1234");
    assertThat(alert.getLevel()).isEqualTo(AlertLevel.RESOLVED);
    assertThat(alert.getThreshold()).isCloseTo(0.08, within(1e-9));
    assertThat(alert.getMessage())
        .isEqualTo("0.0 % of 100 calls to openai in the last 1 min failed (below 8.0 % for 1 min)");
  }

  @Test
  void shouldResolveWhenCallsStayAway() {
    AlertState calm = new AlertState(Severity.WARNING, 1_234, NOW - 60_000);

    ErrorRateRule.Verdict verdict = rule.judge("openai", calls(0, 0, calm), NOW);

    assertThat(verdict.alert().orElseThrow().getMessage())
        .isEqualTo("no calls to openai in the last 1 min (below 4.0 % for 1 min)");
    assertThat(rule.forgettable(verdict.rate(), NOW)).isTrue();
  }

  @Test
  void shouldRememberAProviderWhileAnAlertOnItIsOpen() {
    AlertState open = new AlertState(Severity.WARNING, 1_234, AlertState.NOT_CALM);

    assertThat(rule.forgettable(calls(0, 0, open), NOW)).isFalse();
    assertThat(rule.forgettable(calls(1, 0, AlertState.QUIET), NOW)).isFalse();
    assertThat(rule.judge("p", calls(93, 7, open), NOW).alert()).isEmpty();
  }

  @Test
  void shouldKeepWhatIsRememberedWhenWrittenAndRead() {
    WatchedRate rate = calls(3, 2, new AlertState(Severity.WARNING, 1_234, 5_678));
    try (WatchedRateSerde serde = new WatchedRateSerde()) {
      byte[] bytes = serde.serializer().serialize("store", rate);

      assertThat(serde.deserializer().deserialize("store", bytes)).isEqualTo(rate);
    }
  }
}
