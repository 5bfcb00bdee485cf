package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.schemas.avro.Completion;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.ProviderCall;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(BrokerExtension.class)
class ProviderWorkersIT {

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private DispatchFixture fixture;

  @BeforeEach
  void open(TestBroker broker) throws InterruptedException {
    fixture = DispatchFixture.on(broker, 2);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void shouldAnswerEveryDispatchAndRecordEveryCall() throws Exception {
    List<String> ids = fixture.dispatchAll("r", 200);
    try (ProviderWorkers workers = start(simulated(Map.of("latency_ms", 5)))) {
      List<Exchange> replies = fixture.repliesUntil(read -> read.size() >= 200);
      assertThat(DispatchFixture.ids(replies)).containsExactlyInAnyOrderElementsOf(ids);
      assertThat(replies)
          .allSatisfy(
              reply -> {
                assertThat(reply.getOutcome()).isInstanceOf(Completion.class);
                assertThat(reply.getFrames()).hasSize(1);
              });
      List<ProviderCall> calls = fixture.callsUntil(read -> read.size() >= 200);
      assertThat(calls).extracting(ProviderCall::getRequestId).containsAll(ids).hasSize(200);
      Awaitility.await().untilAsserted(() -> assertThat(fixture.committedRecords()).isEqualTo(200));
      assertThat(workers.ready()).isTrue();
      assertThat(workers.failure()).isEmpty();
    }
  }

  private ProviderWorkers start(ProviderSetting setting) {
    return ProviderWorkers.start(
        ProviderWorkersConfig.defaults()
            .withProviders(Map.of(DispatchFixture.PROVIDER, setting))
            .withGrace(Duration.ofSeconds(2), Duration.ofSeconds(5)),
        fixture.connection(),
        fixture.topics(),
        meters);
  }

  private static ProviderSetting simulated(Map<String, Object> settings) {
    return ProviderSetting.of("simulated").withSettings(settings);
  }
}
