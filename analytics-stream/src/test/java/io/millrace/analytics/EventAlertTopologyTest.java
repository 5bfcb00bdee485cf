package io.millrace.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.avro.AlertLevel;
import io.millrace.schemas.avro.PipelineEvent;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Alerts of events, from events to alerts. */
class EventAlertTopologyTest extends AnalyticsFixture {

  @Test
  void shouldMakeOneAlertOfACircuitFromItsOpeningToItsClosing() {
    Map<String, String> circuit =
        Map.of(
            "process",
            "w",
            "provider",
            "p",
            "model",
            "m",
            "since",
            "5",
            "value",
            "1",
            "bound",
            "1");
    sendEvent("circuit-opened", null, circuit);
    sendEvent("circuit-reopened", null, circuit);
    sendEvent("circuit-half-opened", null, circuit);
    sendEvent("circuit-closed", null, circuit);
    List<Alert> raised = alerts.readValuesToList();
    assertThat(raised)
        .extracting(Alert::getLevel)
        .containsExactly(AlertLevel.WARNING, AlertLevel.RESOLVED);
    assertThat(raised)
        .extracting(Alert::getAlertId)
        .containsOnly("circuit|process=w,provider=p,model=m|5");
    assertThat(raised.getFirst().getMessage())
        .isEqualTo("circuit opened: process=w,provider=p,model=m (circuit_open 1, bound 1)");
  }

  @Test
  void shouldMakeOneAlertOfTheEventsOfOneOverload() {
    Map<String, String> batch =
        Map.of(
            "level",
            "batch",
            "process",
            "p1",
            "since",
            "5",
            "signal",
            "queue-delay-ms",
            "value",
            "2500",
            "bound",
            "2000");
    sendEvent("shedding-started", null, batch);
    sendEvent("request-accepted", "acme", Map.of());
    sendEvent("shedding-stopped", null, batch);

    List<KeyValue<String, Alert>> told = alerts.readKeyValuesToList();
    assertThat(told)
        .extracting(alert -> alert.key)
        .containsOnly("shedding|process=p1,level=batch")
        .hasSize(2);
    assertThat(told)
        .extracting(alert -> alert.value.getAlertId())
        .containsOnly("shedding|process=p1,level=batch|5");
    assertThat(told)
        .extracting(alert -> alert.value.getLevel())
        .containsExactly(AlertLevel.WARNING, AlertLevel.RESOLVED);
    assertThat(told.getFirst().value.getMessage())
        .isEqualTo("shedding started: process=p1,level=batch (queue-delay-ms 2500, bound 2000)");
    assertThat(told.getFirst().value.getThreshold()).isEqualTo(2000);
    assertThat(count(AnalyticsMeters.EVENT_ALERTS)).isEqualTo(2);
  }

  @Test
  void shouldBeCriticalWhenMoreThanBatchIsLeftOut() {
    sendEvent("shedding-started", null, Map.of("level", "standard", "process", "p1"));
    assertThat(alerts.readValue().getLevel()).isEqualTo(AlertLevel.CRITICAL);
  }

  @Test
  void shouldMakeAnAlertOfABudgetThatIsWarnedOfAndThenExhausted() {
    Map<String, String> budget =
        Map.of(
            "budget",
            "b",
            "owner",
            "team=x",
            "period",
            "2026-11",
            "spent_usd",
            "8.50",
            "limit_usd",
            "nonsense");
    sendEvent("budget-warning", "acme", budget);
    sendEvent("budget-exhausted", "acme", budget);

    List<Alert> told = alerts.readValuesToList();
    assertThat(told)
        .extracting(Alert::getAlertId)
        .containsOnly("budget|tenant=acme,budget=b,owner=team=x|2026-11");
    assertThat(told)
        .extracting(Alert::getLevel)
        .containsExactly(AlertLevel.WARNING, AlertLevel.CRITICAL);
    assertThat(told.getFirst().getValue()).isEqualTo(8.5);
    assertThat(told.getFirst().getThreshold()).isZero();
  }

  @Test
  void shouldSendWhatIsNoEventToTheDeadLetters() {
    TestInputTopic<String, byte[]> events =
        driver.createInputTopic(
            topics.events().name(), new StringSerializer(), new ByteArraySerializer());
    events.pipeInput("k", new byte[] {1, 2, 3});
    events.pipeInput("k", (byte[]) null);

    assertThat(deadLetters.readValuesToList()).containsExactly(new byte[] {1, 2, 3});
    assertThat(alerts.isEmpty()).isTrue();
    assertThat(count(AnalyticsMeters.DEAD_LETTERS)).isEqualTo(1);
  }

  private void sendEvent(String type, @Nullable String tenant, Map<String, String> attributes) {
    PipelineEvent event =
        new PipelineEvent(type, START + 7, "shed", null, tenant, null, attributes);
    driver
        .createInputTopic(
            topics.events().name(),
            new StringSerializer(),
            serdes.forType(PipelineEvent.class).serializer())
        .pipeInput("shed", event);
  }
}
