package io.millrace.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.millrace.schemas.avro.MetricWindow;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.Test;

/** Windows, from calls to what is published of them. */
class WindowsTopologyTest extends AnalyticsFixture {

  @Test
  void shouldPublishAnOpenWindowWhenItChangedAndOnceMoreWhenItIsOver() {
    send(Calls.ok("openai", "acme", START + 1_000, 2_000));
    send(Calls.failed("openai", "acme", START + 2_000, "upstream_timeout"));
    send(Calls.ok("openai", "other-tenant", START + 2_000, 2_000));
    passSeconds(5);

    List<KeyValue<String, MetricWindow>> updates = realtime.readKeyValuesToList();
    assertThat(updates)
        .extracting(update -> update.key)
        .containsExactly("openai|m1|acme", "openai|m1|other-tenant");
    MetricWindow first = updates.getFirst().value;
    assertThat(first.getWindowStartMillis()).isEqualTo(START);
    assertThat(first.getRequests()).isEqualTo(2);
    assertThat(first.getErrorsByCode()).containsEntry("upstream_timeout", 1L);
    assertThat(first.getClosed()).isFalse();

    passSeconds(5);
    assertThat(realtime.isEmpty()).as("nothing changed").isTrue();

    passSeconds(10);
    send(Calls.ok("openai", "acme", START + 70_000, 2_000));
    passSeconds(5);
    List<MetricWindow> later = realtime.readValuesToList();
    assertThat(later)
        .extracting(
            MetricWindow::getWindowStartMillis,
            MetricWindow::getTenant,
            MetricWindow::getRequests,
            MetricWindow::getClosed)
        .containsExactlyInAnyOrder(
            tuple(START, "acme", 2L, true),
            tuple(START, "other-tenant", 1L, true),
            tuple(START + 60_000, "acme", 1L, false));
    assertThat(driver.getKeyValueStore(AnalyticsTopology.WINDOW_STORE).all())
        .toIterable()
        .as("closed windows are gone from the store")
        .hasSize(1);
  }

  @Test
  void shouldCloseTheLastWindowsWhenNothingComesAnyMore() {
    send(Calls.ok("openai", "acme", START + 1_000, 2_000));
    passSeconds(5);
    passSeconds(85);
    assertThat(realtime.readValuesToList()).extracting(MetricWindow::getClosed).containsOnly(false);

    passSeconds(15);

    assertThat(realtime.readValuesToList()).extracting(MetricWindow::getClosed).containsOnly(true);
  }

  @Test
  void shouldCountCallsThatComeOutOfOrderWithinTheGrace() {
    passSeconds(60);
    send(Calls.ok("openai", "acme", START + 69_000, 1_000));
    send(Calls.ok("openai", "acme", START + 59_000, 1_000));
    send(Calls.ok("openai", "acme", START + 1_000, 1_000));
    passSeconds(5);

    assertThat(realtime.readValuesToList())
        .extracting(MetricWindow::getWindowStartMillis, MetricWindow::getRequests)
        .containsExactlyInAnyOrder(tuple(START + 60_000, 1L), tuple(START, 2L));
    assertThat(count(AnalyticsMeters.CALLS_LATE)).isZero();
  }

  @Test
  void shouldDropAndCountCallsThatComeAfterTheGrace() {
    passSeconds(60);
    send(Calls.ok("openai", "acme", START + 70_000, 1_000));
    send(Calls.ok("openai", "acme", START + 59_000, 1_000));
    passSeconds(5);

    assertThat(realtime.readValuesToList())
        .extracting(MetricWindow::getWindowStartMillis)
        .containsExactly(START + 60_000);
    assertThat(count(AnalyticsMeters.CALLS_LATE)).isEqualTo(1);
  }

  @Test
  void shouldNotLetAWrongClockEndTheWindowsOfOthers() {
    passSeconds(30);
    send(Calls.ok("openai", "acme", START + Duration.ofDays(1).toMillis(), 1_000));
    send(Calls.ok("openai", "acme", START + 29_000, 1_000));
    passSeconds(5);

    assertThat(realtime.readValuesToList())
        .extracting(MetricWindow::getWindowStartMillis, MetricWindow::getRequests)
        .containsExactly(tuple(START, 2L));
    assertThat(count(AnalyticsMeters.CALLS_AHEAD)).isEqualTo(1);
  }

  @Test
  void shouldSumTenantsAsOtherAndCountThemWhenThereAreTooMany() {
    for (int i = 0; i < 5; i++) {
      send(Calls.ok("openai", "tenant" + i, START, 1_000));
    }
    passSeconds(5);

    assertThat(realtime.readKeyValuesToList())
        .extracting(update -> update.key, update -> update.value.getRequests())
        .containsExactlyInAnyOrder(
            tuple("openai|m1|tenant0", 1L),
            tuple("openai|m1|tenant1", 1L),
            tuple("openai|m1|tenant2", 1L),
            tuple("openai|m1|other", 2L));
    assertThat(count(AnalyticsMeters.CALLS_COLLAPSED)).isEqualTo(2);
  }
}
