package io.millrace.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.topic.HeaderNames;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** The whole topology, and what it cannot read. */
class AnalyticsTopologyTest extends AnalyticsFixture {

  @Test
  void shouldBeThisTopology() {
    assertThat(topology().describe().toString())
        .isEqualTo(
            """
            Topologies:
               Sub-topology: 0
                Source: attempts (topics: [millrace.attempts])
                  --> decode
                Processor: decode (stores: [])
                  --> error-rate, windows, dead-letters, health
                  <-- attempts
                Processor: error-rate (stores: [error-rates, event-clock])
                  --> alerts
                  <-- decode
                Processor: health (stores: [model-health])
                  --> provider-health
                  <-- decode
                Processor: windows (stores: [event-clock, open-windows])
                  --> analytics-realtime
                  <-- decode
                Sink: alerts (topic: millrace.alerts)
                  <-- error-rate
                Sink: analytics-realtime (topic: millrace.analytics.realtime)
                  <-- windows
                Sink: dead-letters (topic: millrace.dead-letters)
                  <-- decode
                Sink: provider-health (topic: millrace.provider-health)
                  <-- health

              Sub-topology: 1
                Source: events (topics: [millrace.events])
                  --> event-alerts
                Processor: event-alerts (stores: [])
                  --> alerts-of-events, dead-letters-of-events
                  <-- events
                Sink: alerts-of-events (topic: millrace.alerts)
                  <-- event-alerts
                Sink: dead-letters-of-events (topic: millrace.dead-letters)
                  <-- event-alerts

            """);
  }

  @Test
  void shouldPassOverATombstone() {
    attempts.pipeInput("openai", null);
    send(Calls.ok("openai", "acme", START, 1_000));
    passSeconds(5);

    assertThat(deadLetters.isEmpty()).isTrue();
    assertThat(realtime.readValue().getRequests()).isEqualTo(1);
  }

  @Test
  void shouldBuryWhatIsNoCallOnceAndGoOn() {
    byte[] garbage = {9, 9, 9};
    send(Calls.ok("openai", "acme", START, 1_000));
    attempts.pipeInput("openai", garbage, START + 77);
    send(Calls.ok("openai", "acme", START, 1_000));
    passSeconds(5);

    TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
    assertThat(letter.value()).isEqualTo(garbage);
    assertThat(letter.key()).isEqualTo("openai".getBytes(StandardCharsets.UTF_8));
    assertThat(header(letter, HeaderNames.ERROR_CODE)).isEqualTo("undecodable");
    assertThat(header(letter, HeaderNames.ORIGIN_TOPIC)).isEqualTo("millrace.attempts");
    assertThat(header(letter, HeaderNames.ORIGIN_OFFSET)).isEqualTo("1");
    assertThat(header(letter, HeaderNames.ORIGIN_TIMESTAMP_MILLIS))
        .isEqualTo(Long.toString(START + 77));
    assertThat(header(letter, HeaderNames.FAILED_BY)).isEqualTo("analytics");
    assertThat(deadLetters.isEmpty()).isTrue();
    assertThat(realtime.readValue().getRequests()).isEqualTo(2);
    assertThat(count(AnalyticsMeters.DEAD_LETTERS)).isEqualTo(1);
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
