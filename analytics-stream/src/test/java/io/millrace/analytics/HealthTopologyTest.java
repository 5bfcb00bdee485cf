package io.millrace.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.analytics.health.HealthProcessor;
import io.millrace.analytics.health.HealthSettings;
import io.millrace.schemas.avro.HealthState;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.avro.ProviderHealth;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The health part of the topology. */
class HealthTopologyTest extends AnalyticsFixture {

  private TestOutputTopic<String, ProviderHealth> health;
  private long now = START;

  @Override
  AnalyticsConfig config() {
    return AnalyticsConfig.defaults()
        .withHealth(
            HealthSettings.defaults().withTimeouts(Map.of("openai", Duration.ofSeconds(5))));
  }

  @BeforeEach
  void openHealth() {
    health = output(topics.providerHealth().name(), ProviderHealth.class);
  }

  private void ok() {
    send(Calls.ok("openai", "acme", now, 100_000));
  }

  private void fail() {
    send(Calls.failed("openai", "acme", now, "upstream_error"));
  }

  private void probe(boolean healthy) {
    ProviderCall call =
        Calls.call(
            "openai",
            HealthProcessor.WHOLE_PROVIDER,
            "~probe~",
            now,
            0,
            healthy ? null : "upstream_unreachable");
    call.setProbe(true);
    send(call);
  }

  private void pass(Duration duration) {
    now += duration.toMillis();
    driver.advanceWallClockTime(duration);
  }

  private ProviderHealth latest() {
    List<TestRecord<String, ProviderHealth>> records = health.readRecordsToList();
    assertThat(records).isNotEmpty().allMatch(record -> record.key().equals("openai/m1"));
    return records.getLast().value();
  }

  private double gauge(String name) {
    return meters.get(name).tags("provider", "openai", "model", "m1").gauge().value();
  }

  @Test
  void shouldPublishFiguresEachSecondWhenTheyChange() {
    for (int i = 0; i < 100; i++) {
      ok();
    }
    assertThat(health.isEmpty()).isTrue();
    pass(Duration.ofSeconds(1));
    ProviderHealth figures = latest();
    assertThat(figures.getState()).isEqualTo(HealthState.HEALTHY);
    assertThat(figures.getCalls()).isEqualTo(100);
    assertThat(figures.getSuccessRate()).isEqualTo(1);
    assertThat(figures.getLatencyRecentMeanMicros()).isEqualTo(100_000);
    assertThat(figures.getLoad()).isEqualTo(2);
    assertThat(gauge("millrace.provider.health.admit.share")).isEqualTo(1);
    assertThat(gauge("millrace.provider.health.load")).isEqualTo(2);
    pass(Duration.ofMinutes(2));
    assertThat(latest().getCalls()).isZero();
    pass(Duration.ofSeconds(30));
    assertThat(health.isEmpty()).as("nothing new, nothing published").isTrue();
  }

  /** The bound: 1.25 s after the fifth failure the record is written and its commit requested. */
  @Test
  void shouldTakeADeadProviderOutWithinItsBound() {
    ok();
    pass(Duration.ofSeconds(1));
    for (int i = 0; i < 5; i++) {
      fail();
    }
    pass(Duration.ofMillis(1_250));
    ProviderHealth down = latest();
    assertThat(down.getState()).isEqualTo(HealthState.DOWN);
    assertThat(down.getAdmitShare()).isZero();
    assertThat(down.getConsecutiveFailures()).isEqualTo(5);
    assertThat(down.getReason()).isEqualTo("5 calls in a row failed");
    assertThat(gauge("millrace.provider.health.admit.share")).isZero();
    assertThat(meters.get("millrace.provider.health.downs").counter().count()).isEqualTo(1);
  }

  @Test
  void shouldBringItBackByLooksAlone() {
    fail();
    for (int i = 0; i < 4; i++) {
      fail();
    }
    pass(Duration.ofSeconds(2));
    assertThat(latest().getState()).isEqualTo(HealthState.DOWN);
    probe(false);
    pass(Duration.ofSeconds(60));
    assertThat(latest().getState()).isEqualTo(HealthState.DOWN);
    probe(true);
    for (double share : new double[] {0.1, 0.25, 0.5}) {
      assertThat(latest().getAdmitShare()).isEqualTo(share);
      probe(true);
      pass(Duration.ofSeconds(5));
    }
    assertThat(latest().getState()).isEqualTo(HealthState.HEALTHY);
    driver.advanceWallClockTime(Duration.ofMinutes(2));
    assertThat(realtime.readValuesToList())
        .as("looks are no usage")
        .allMatch(window -> window.getTenant().equals("acme") && window.getRequests() == 5);
    assertThat(meters.get("millrace.analytics.calls").counter().count()).isEqualTo(5);
  }

  @Test
  void shouldNotHoldImpatientCallersAgainstAProvider() {
    for (int i = 0; i < 50; i++) {
      send(Calls.call("openai", "m1", "acme", now, 100_000, "upstream_timeout"));
      send(Calls.failed("openai", "acme", now, "upstream_rejected"));
    }
    pass(Duration.ofSeconds(5));
    assertThat(health.isEmpty()).isTrue();
    for (int i = 0; i < 5; i++) {
      send(Calls.call("openai", "m1", "acme", now, 5_000_000, "upstream_timeout"));
    }
    pass(Duration.ofSeconds(2));
    assertThat(latest().getState()).isEqualTo(HealthState.DOWN);
  }

  @Test
  void shouldNotJudgeByABacklog() {
    now -= Duration.ofMinutes(10).toMillis();
    for (int i = 0; i < 100; i++) {
      fail();
    }
    driver.advanceWallClockTime(Duration.ofSeconds(5));
    assertThat(health.isEmpty()).isTrue();
    assertThat(meters.get("millrace.provider.health.stale").counter().count()).isEqualTo(100);
  }

  @Test
  void shouldForgetAModelThatNobodyCalls() {
    ok();
    pass(Duration.ofMinutes(61));
    List<TestRecord<String, ProviderHealth>> records = health.readRecordsToList();
    assertThat(records.getLast().value()).isNull();
    assertThat(meters.find("millrace.provider.health.load").gauge()).isNull();
  }
}
