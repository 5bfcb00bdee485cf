package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.embedded.broker.EmbeddedBroker;
import io.millrace.embedded.broker.EmbeddedBrokerConfig;
import io.millrace.embedded.broker.FreePorts;
import io.millrace.schemas.avro.Exchange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerOutageIT {

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @Test
  void shouldLoseNothingWhenTheBrokerGoesAndComesBack(@TempDir Path folder) throws Exception {
    EmbeddedBrokerConfig config = EmbeddedBrokerConfig.in(folder).withPort(FreePorts.next());
    EmbeddedBroker broker = EmbeddedBroker.start(config);
    GateProvider provider = GateProvider.holding(id -> id.contains("held"));
    try (DispatchFixture fixture = DispatchFixture.on(broker.bootstrapServers(), "outage.", 2)) {
      fixture.dispatchAll("held", 50);
      try (ProviderWorkers workers = start(fixture, provider)) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> provider.heldNow() == 50);
        broker.close();
        provider.open();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> provider.heldNow() == 0);
        broker = EmbeddedBroker.start(config);
        fixture.dispatchAll("later", 20);
        List<Exchange> replies = fixture.repliesUntil(read -> read.size() >= 70);
        assertThat(DispatchFixture.ids(replies).distinct()).hasSize(70);
        assertThat(provider.begun()).hasSize(70);
        Awaitility.await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(() -> assertThat(fixture.committedRecords()).isEqualTo(70));
        assertThat(workers.failure()).isEmpty();
      }
    } finally {
      broker.close();
    }
  }

  private ProviderWorkers start(DispatchFixture fixture, GateProvider provider) {
    return ProviderWorkers.start(
        ProviderWorkersConfig.defaults()
            .withProviders(Map.of(DispatchFixture.PROVIDER, ProviderSetting.of("gate"))),
        fixture.connection(),
        fixture.topics(),
        meters,
        List.of(provider));
  }
}
