package io.millrace.ingest;

import static io.millrace.ingest.ServiceFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.embedded.broker.EmbeddedBroker;
import io.millrace.embedded.broker.EmbeddedBrokerConfig;
import io.millrace.schemas.topic.TopicCatalogue;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerOutageIT {

  @TempDir Path folder;

  @Test
  void shouldSayUnavailableAndRecoverWhenTheBrokerIsAwayForAWhile() throws Exception {
    EmbeddedBrokerConfig brokerConfig = EmbeddedBrokerConfig.in(folder.resolve("broker"));
    EmbeddedBroker broker = EmbeddedBroker.start(brokerConfig);
    int port = broker.port();
    try (ServiceFixture pipeline =
            new ServiceFixture(
                broker.bootstrapServers(), new TopicCatalogue("outage.", 2), folder);
        FakeHome home = new FakeHome(pipeline.connection, pipeline.topics)) {
      IngestService service =
          pipeline.start(pipeline.config("a").withDeliveryTimeout(Duration.ofSeconds(2)));
      assertThat(pipeline.chat(service, "before").statusCode()).isEqualTo(200);

      broker.close();
      HttpResponse<String> refused = pipeline.chat(service, "meanwhile");
      broker = EmbeddedBroker.start(brokerConfig.withPort(port));

      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      assertThat(json(refused).at("/error/code").asText()).isEqualTo("unavailable");
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> pipeline.chat(service, "after").statusCode() == 200);
      assertThat(service.failure()).isEmpty();
      assertThat(home.seen).isNotEmpty();
    } finally {
      broker.close();
    }
  }
}
