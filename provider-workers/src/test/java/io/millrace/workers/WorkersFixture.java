package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.plugin.provider.ProviderFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Workers on a broker, and the topics of a provider of their own. */
@ExtendWith(BrokerExtension.class)
abstract class WorkersFixture {

  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  DispatchFixture fixture;

  @BeforeEach
  void open(TestBroker broker) throws InterruptedException {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    fixture = DispatchFixture.on(broker, 2);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  void awaitCommitted(long records) {
    Awaitility.await()
        .untilAsserted(() -> assertThat(fixture.committedRecords()).isEqualTo(records));
  }

  ProviderWorkers start(ProviderWorkersConfig config, ProviderFactory... plugins) {
    return start(meters, config, plugins);
  }

  ProviderWorkers start(
      SimpleMeterRegistry registry, ProviderWorkersConfig config, ProviderFactory... plugins) {
    return ProviderWorkers.start(
        config, fixture.connection(), fixture.topics(), registry, List.of(plugins));
  }

  static ProviderWorkersConfig config(ProviderSetting setting) {
    return ProviderWorkersConfig.defaults()
        .withProviders(Map.of(DispatchFixture.PROVIDER, setting))
        .withGrace(Duration.ofSeconds(2), Duration.ofSeconds(10));
  }

  static ProviderSetting gate() {
    return ProviderSetting.of("gate");
  }

  static ProviderSetting simulated(Map<String, Object> settings) {
    return ProviderSetting.of("simulated").withSettings(settings);
  }
}
