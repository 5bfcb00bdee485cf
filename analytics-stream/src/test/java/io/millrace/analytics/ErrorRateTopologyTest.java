package io.millrace.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.avro.AlertLevel;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.Test;

/** Alerts of error rates, from calls to alerts. */
class ErrorRateTopologyTest extends AnalyticsFixture {

  @Test
  void shouldTellAnAlertFromItsBeginningToItsEnd() {
    for (int i = 0; i < 100; i++) {
      send(Calls.ok("openai", "acme", START, 1_000));
    }
    for (int i = 0; i < 10; i++) {
      send(Calls.failed("openai", "acme", START, "upstream_error"));
    }
    passSeconds(1);
    Alert warning = alerts.readValue();
    assertThat(warning.getLevel()).isEqualTo(AlertLevel.WARNING);
    assertThat(warning.getValue()).isEqualTo(10.0 / 110);

    for (int i = 0; i < 10; i++) {
      send(Calls.failed("openai", "acme", START, "upstream_error"));
    }
    passSeconds(1);
    KeyValue<String, Alert> critical = alerts.readKeyValue();
    assertThat(critical.key).isEqualTo("error-rate|provider=openai");
    assertThat(critical.value.getLevel()).isEqualTo(AlertLevel.CRITICAL);
    assertThat(critical.value.getAlertId()).isEqualTo(warning.getAlertId());

    for (int second = 1; second <= 130; second++) {
      send(Calls.ok("openai", "acme", START + second * 1_000L, 1_000));
      passSeconds(1);
    }
    Alert resolved = alerts.readValue();
    assertThat(resolved.getLevel()).isEqualTo(AlertLevel.RESOLVED);
    assertThat(resolved.getAlertId()).isEqualTo(warning.getAlertId());
    assertThat(alerts.isEmpty()).as("three records, no more").isTrue();
  }

  @Test
  void shouldWatchEachProviderByItself() {
    for (int i = 0; i < 30; i++) {
      send(Calls.ok("openai", "acme", START, 1_000));
      send(Calls.failed("simulated", "acme", START, "upstream_error"));
    }
    passSeconds(1);

    assertThat(alerts.readKeyValuesToList())
        .extracting(alert -> alert.key)
        .containsExactly("error-rate|provider=simulated");
  }

  @Test
  void shouldForgetAProviderWhoseCallsStayAway() {
    send(Calls.ok("openai", "acme", START, 1_000));
    passSeconds(1);
    assertThat(driver.getKeyValueStore(AnalyticsTopology.ERROR_RATE_STORE).get("openai"))
        .isNotNull();

    passSeconds(100);

    assertThat(driver.getKeyValueStore(AnalyticsTopology.ERROR_RATE_STORE).get("openai")).isNull();
  }
}
