package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(BrokerExtension.class)
class RegistryOutageIT {

  @TempDir Path stateDir;

  @Test
  void shouldAdmitTheRecordWhenTheRegistryComesBack(TestBroker broker) {
    try (ServiceFixture pipeline =
        new ServiceFixture(broker.bootstrapServers(), broker.freshTopics(2), stateDir)) {
      byte[] request = encoded(pipeline);
      pipeline.start(pipeline.config("a"));
      pipeline.stopRegistry();
      send(pipeline, request);
      // Longer than the registry's client tries by itself.
      await()
          .during(Duration.ofSeconds(4))
          .atMost(Duration.ofSeconds(10))
          .until(() -> admissions(pipeline) == 0);

      pipeline.startRegistry();
      try (FakeHome home = new FakeHome(pipeline.connection, pipeline.topics)) {
        await().atMost(Duration.ofSeconds(60)).until(() -> home.seen.size() == 1);
      }
      assertThat(admissions(pipeline)).isEqualTo(1);
    }
  }

  /** Records that were accepted or refused. */
  private static double admissions(ServiceFixture pipeline) {
    return pipeline.meters.find(IngestMeters.REQUESTS).tag("source", "topic").counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  private static byte[] encoded(ServiceFixture pipeline) {
    try (SchemaRegistry registry = pipeline.connection.openRegistry()) {
      return new AvroSerdes(registry)
          .forType(CompletionRequest.class)
          .serializer()
          .serialize(pipeline.topics.requests().name(), Requests.hello());
    }
  }

  private static void send(ServiceFixture pipeline, byte[] request) {
    Map<String, Object> properties = pipeline.connection.clientProperties();
    try (var producer =
        new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
      var unused =
          producer.send(new ProducerRecord<>(pipeline.topics.requests().name(), "key", request));
    }
  }
}
