package io.millrace.schemas.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.kafka.KafkaConnection;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StreamsDefaultsTest {

  private static final String IN_FLIGHT = ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION;

  private static Map<String, Object> producer(Map<String, String> further) {
    Map<String, String> properties =
        new HashMap<>(KafkaConnection.of("localhost:9092", "http://localhost:8081").properties());
    properties.putAll(further);
    return new StreamsConfig(
            StreamsDefaults.exactlyOnce(
                new KafkaConnection(properties), "application", Path.of("state"), 1))
        .getProducerConfigs("client");
  }

  @Test
  void shouldSendOneRequestAtATimeWhenNobodySaysOtherwise() {
    assertThat(producer(Map.of())).containsEntry(IN_FLIGHT, 1);
  }

  @Test
  void shouldTakeTheConnectionsWordWhenItSaysOtherwise() {
    assertThat(producer(Map.of("producer." + IN_FLIGHT, "3"))).containsEntry(IN_FLIGHT, "3");
  }
}
