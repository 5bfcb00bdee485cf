package io.millrace.launcher.pipeline;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.topic.TopicCatalogue;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PipelineTopicsTest {

  @Test
  void shouldAskForTheAddressWhenItsNameIsUnknown() {
    KafkaConnection nowhere =
        new KafkaConnection(
            Map.of(
                "bootstrap.servers", "kafka.invalid:1", "schema.registry.url", "http://invalid:1"));
    TopicCatalogue topics = new TopicCatalogue("millrace.", 1);
    assertThatThrownBy(() -> PipelineTopics.require(nowhere, topics.requests()))
        .isInstanceOf(PipelineException.class)
        .hasMessageStartingWith("Kafka at kafka.invalid:1 cannot be reached")
        .hasMessageContaining("check the address");
  }
}
