package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.hook.EventTypes;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.model.TrustedRecords;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is told of an event; how it is relayed needs a broker: {@link IngestServiceIT}. */
class EventRelayTest {

  @Test
  void shouldNotTellReadersWhoAreHeldToSomeModelsOfOthers() {
    TrustedRecords.trust();
    PipelineEvent event =
        new PipelineEvent(
            EventTypes.ROUTE_SELECTED,
            1L,
            "home",
            "r",
            "t",
            1,
            Map.of("target", "a/m", "reasons", "b/m is not among the models of the sender's key"));
    assertThat(EventRelay.shown(event, true).at("/attributes/reasons").asText()).contains("b/m");
    assertThat(EventRelay.shown(event, false).at("/attributes").toString())
        .isEqualTo("{\"target\":\"a/m\"}");
  }
}
