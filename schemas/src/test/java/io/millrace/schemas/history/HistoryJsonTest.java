package io.millrace.schemas.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.avro.Usage;
import io.millrace.schemas.model.TrustedRecords;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryJsonTest {

  static {
    TrustedRecords.trust();
  }

  @Test
  void shouldWriteAnEvent() {
    PipelineEvent event =
        new PipelineEvent(
            "route-selected",
            7L,
            "home",
            "r",
            "acme",
            1,
            Map.of("target", "p/m", "long", "x".repeat(5_000)));
    assertThat(HistoryJson.write(event).path("attributes").path("long").asText()).hasSize(1_001);
    event.setAttributes(Map.of("target", "p/m"));
    assertThat(HistoryJson.write(event))
        .hasToString(
            "{\"type\":\"route-selected\",\"at_ms\":7,\"source\":\"home\",\"attempt\":1,"
                + "\"attributes\":{\"target\":\"p/m\"}}");
  }

  @Test
  void shouldWriteACallWithoutWhatConcernsOperatorsOnly() {
    ProviderCall call =
        ProviderCall.newBuilder()
            .setExchangeId("acme/r")
            .setRequestId("r")
            .setTenant("acme")
            .setAttempt(2)
            .setCall(1)
            .setProvider("p")
            .setModel("m")
            .setKeyName("the-key")
            .setLane(Lane.BATCH)
            .setWorker("the-worker")
            .setStartedAtMillis(100)
            .setLatencyMicros(2_500)
            .setHttpStatus(503)
            .setErrorCode("upstream_error")
            .setUsage(new Usage(3L, 4L, 0L, 0L))
            .build();
    String json = HistoryJson.write(call).toString();
    assertThat(json)
        .startsWith("{\"type\":\"call-failed\",\"at_ms\":102,\"source\":\"worker\",\"attempt\":2,")
        .contains("\"code\":\"upstream_error\"", "\"http_status\":\"503\"")
        .contains("\"prompt_tokens\":\"3\"", "\"completion_tokens\":\"4\"")
        .doesNotContain("the-key", "the-worker");
  }
}
