package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.HealthState;
import io.millrace.schemas.avro.PipelineError;
import io.millrace.schemas.avro.ProviderHealth;
import io.millrace.schemas.avro.Target;
import io.millrace.workers.gate.CallControls;
import io.millrace.workers.gate.CircuitSetting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Workers of a provider that is away or not well, on a broker. */
class WorkerCircuitIT extends WorkersFixture {

  @Test
  void shouldHoldCallsBackInEveryInstanceWhenOneModelIsDownAndProbeIt() throws Exception {
    fixture.publish(down());
    ProviderSetting setting =
        gate().withControls(CallControls.defaults().withCircuit(quickCircuit()));
    SimpleMeterRegistry others = new SimpleMeterRegistry();
    GateProvider provider = GateProvider.holding(id -> false);
    try (ProviderWorkers first = start(meters, config(setting).withWorkerId("first"), provider);
        ProviderWorkers second = start(others, config(setting).withWorkerId("second"), provider)) {
      dispatchWithFallbackUntil(() -> refused(meters) > 0 && refused(others) > 0);
      long before = called(meters);
      long beforeOther = called(others);
      dispatchWithFallbackUntil(() -> called(meters) > before && called(others) > beforeOther);
      assertThat(fixture.repliesUntil(WorkerCircuitIT::anyFailed))
          .filteredOn(reply -> reply.getOutcome() instanceof PipelineError)
          .allSatisfy(
              reply ->
                  assertThat(((PipelineError) reply.getOutcome()).getCode())
                      .isEqualTo("circuit_open"));
      assertThat(first.failure()).isEmpty();
      assertThat(second.failure()).isEmpty();
    }
  }

  @Test
  void shouldLoseNoMoreThanWasUnderWayWhenTheProviderIsAwayForAWhile() throws Exception {
    OutageProvider provider = new OutageProvider();
    ProviderSetting setting =
        ProviderSetting.of(provider.type())
            .withMaxInFlight(40)
            .withRetries(RetrySetting.none())
            .withControls(CallControls.defaults().withCircuit(quickCircuit()));
    fixture.dispatchAll("r", 2_000);
    try (ProviderWorkers workers = start(config(setting), provider)) {
      Awaitility.await().until(() -> meters.get(WorkerMeters.POSTPONED).gauge().value() > 1_500);
      provider.comeBack();
      List<Exchange> replies = fixture.repliesUntil(read -> read.size() >= 2_000);
      assertThat(replies).hasSize(2_000);
      assertThat(replies)
          .filteredOn(reply -> reply.getOutcome() instanceof PipelineError)
          .hasSizeLessThan(2 * 40);
      awaitCommitted(2_000);
      assertThat(meters.get(WorkerMeters.POSTPONED).gauge().value()).isZero();
      assertThat(workers.failure()).isEmpty();
    }
  }

  private void dispatchWithFallbackUntil(java.util.concurrent.Callable<Boolean> enough) {
    List<String> sent = new ArrayList<>();
    Awaitility.await()
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              for (int i = 0; i < 20; i++) {
                Exchange exchange = fixture.exchange(System.nanoTime() + "-" + sent.size());
                sent.add(exchange.getRequestId());
                exchange.setFallbacks(List.of(new Target("other", "m")));
                fixture.dispatch(exchange).get();
              }
              return enough.call();
            });
  }

  private static boolean anyFailed(List<Exchange> replies) {
    return replies.stream().anyMatch(reply -> reply.getOutcome() instanceof PipelineError);
  }

  private static long called(SimpleMeterRegistry registry) {
    return registry.get(WorkerMeters.CALL_LATENCY).timer().count();
  }

  private static double refused(SimpleMeterRegistry registry) {
    return registry.get(CallMeters.CIRCUIT_REFUSED).counter().count();
  }

  /** Opens for so short a time that the probe comes within the test, and recovers slowly. */
  private static CircuitSetting quickCircuit() {
    CircuitSetting d = CircuitSetting.defaults();
    return new CircuitSetting(
        true,
        d.failureRate(),
        d.minCalls(),
        d.consecutiveFailures(),
        d.window(),
        Duration.ofSeconds(3),
        Duration.ofSeconds(3),
        Duration.ofMillis(100),
        d.onOpen(),
        d.maxWait());
  }

  private static ProviderHealth down() {
    long now = System.currentTimeMillis();
    return ProviderHealth.newBuilder()
        .setProvider(DispatchFixture.PROVIDER)
        .setModel("m")
        .setState(HealthState.DOWN)
        .setAdmitShare(0)
        .setSuccessRate(0)
        .setCalls(10)
        .setLatencyP50Micros(1)
        .setLatencyP95Micros(1)
        .setLatencyRecentMeanMicros(1)
        .setSinceMillis(now + 60_000)
        .setAtMillis(now)
        .build();
  }
}
