package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.TokenPrice;
import io.millrace.schemas.avro.Completion;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.PipelineError;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.health.ProviderOrder;
import io.millrace.schemas.topic.HeaderNames;
import io.millrace.workers.gate.CallControls;
import io.millrace.workers.gate.CircuitSetting;
import io.millrace.workers.gate.RetryBudgetSetting;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What becomes of single dispatches, on a broker. */
class ProviderWorkersIT extends WorkersFixture {

  @Test
  void shouldAnswerEveryDispatchAndRecordEveryCall() throws Exception {
    List<String> ids = fixture.dispatchAll("r", 200);
    try (ProviderWorkers workers = start(config(simulated(Map.of("latency_ms", 5))))) {
      List<Exchange> replies = fixture.repliesUntil(read -> read.size() >= 200);
      assertThat(DispatchFixture.ids(replies)).containsExactlyInAnyOrderElementsOf(ids);
      assertThat(replies)
          .allSatisfy(
              reply -> {
                assertThat(reply.getOutcome()).isInstanceOf(Completion.class);
                assertThat(reply.getFrames()).hasSize(1);
              });
      List<ProviderCall> calls = fixture.callsUntil(read -> read.size() >= 200);
      assertThat(calls)
          .extracting(ProviderCall::getRequestId)
          .containsExactlyInAnyOrderElementsOf(ids);
      awaitCommitted(200);
      Awaitility.await().until(workers::ready);
      assertThat(workers.failure()).isEmpty();
    }
  }

  @Test
  void shouldRecordFailedCallsAndAddUpTheirCost() throws Exception {
    ProviderSetting setting =
        simulated(Map.of("error_rate", 0.5, "latency_ms", 0))
            .withRetries(
                new RetrySetting(
                    20, Duration.ofMillis(1), Duration.ofMillis(1), new RetryBudgetSetting(20, 10)))
            .withControls(CallControls.defaults().withCircuit(CircuitSetting.off()))
            .withPrices(Map.of("m", new TokenPrice(1_000, 2_000)));
    fixture.dispatchAll("r", 50);
    try (ProviderWorkers workers = start(config(setting))) {
      List<Exchange> replies = fixture.repliesUntil(read -> read.size() >= 50);
      assertThat(replies)
          .allSatisfy(
              reply ->
                  assertThat(reply.getAttemptCostNanos())
                      .isEqualTo(
                          ((Completion) reply.getOutcome()).getUsage().getPromptTokens() * 1_000
                              + 16 * 2_000));
      int calls = (int) meters.get(WorkerMeters.CALL_LATENCY).timer().count();
      assertThat(calls).isGreaterThan(60);
      List<ProviderCall> recorded = fixture.callsUntil(read -> read.size() >= calls);
      assertThat(recorded).hasSize(calls);
      assertThat(recorded)
          .filteredOn(call -> call.getErrorCode() == null)
          .hasSize(50)
          .allSatisfy(call -> assertThat(call.getCostNanos()).isPositive());
      assertThat(workers.failure()).isEmpty();
    }
  }

  @Test
  void shouldCallOnceWhenDispatchedTwice() throws Exception {
    GateProvider provider = GateProvider.holding(id -> id.contains("held"));
    fixture.dispatchAll("held", 5);
    fixture.dispatchAll("held", 5);
    fixture.dispatchAll("quick", 20);
    try (ProviderWorkers workers = start(config(gate()), provider)) {
      fixture.repliesUntil(read -> read.size() >= 20);
      fixture.dispatchAll("quick", 20);
      Awaitility.await().until(() -> counted(WorkerMeters.DEDUPLICATED) == 20);
      provider.open();
      Awaitility.await().until(() -> counted(WorkerMeters.DEDUPLICATED) == 25);
      awaitCommitted(50);
      assertThat(provider.begun()).hasSize(25).doesNotHaveDuplicates();
      assertThat(fixture.repliesUntil(read -> read.size() >= 25)).hasSize(25);
      assertThat(workers.failure()).isEmpty();
    }
  }

  @Test
  void shouldNotCallWhenTheDeadlineHasPassed() throws Exception {
    Exchange late = fixture.exchange("late");
    late.setDeadlineMillis(System.currentTimeMillis() - 1);
    fixture.dispatch(late).get();
    GateProvider provider = GateProvider.holding(id -> false);
    try (ProviderWorkers workers = start(config(gate()), provider)) {
      Exchange reply = fixture.repliesUntil(read -> !read.isEmpty()).getFirst();
      assertThat(((PipelineError) reply.getOutcome()).getCode()).isEqualTo("deadline_exceeded");
      assertThat(provider.begun()).isEmpty();
      assertThat(counted(WorkerMeters.EXPIRED)).isOne();
      assertThat(workers.failure()).isEmpty();
    }
  }

  @Test
  void shouldNotCallWhenTheAnswerWouldComeTooLate() throws Exception {
    fixture.dispatchAll("known", LatencyOutlook.ENOUGH);
    try (ProviderWorkers workers = start(config(simulated(Map.of("latency_ms", 3_000))))) {
      fixture.repliesUntil(read -> read.size() >= LatencyOutlook.ENOUGH);
      Exchange late = fixture.exchange("late");
      late.setDeadlineMillis(System.currentTimeMillis() + 2_900);
      fixture.dispatch(late).get();
      Exchange reply = fixture.repliesUntil(read -> read.size() > LatencyOutlook.ENOUGH).getLast();
      assertThat(((PipelineError) reply.getOutcome()).getCode()).isEqualTo("deadline_exceeded");
      assertThat(((PipelineError) reply.getOutcome()).getMessage()).startsWith("not called");
      assertThat(counted(WorkerMeters.UNATTAINABLE)).isOne();
      assertThat(meters.get(WorkerMeters.CALL_LATENCY).timer().count())
          .isEqualTo(LatencyOutlook.ENOUGH);
      assertThat(workers.failure()).isEmpty();
    }
  }

  @Test
  void shouldCallNothingThatIsBlocked() throws Exception {
    fixture.block(ProviderOrder.of("p/m"));
    GateProvider provider = GateProvider.holding(id -> false);
    try (ProviderWorkers workers = start(config(gate()), provider)) {
      Awaitility.await().until(workers::ready);
      fixture.dispatchAll("r", 3);
      List<Exchange> replies = fixture.repliesUntil(read -> read.size() >= 3);
      assertThat(replies)
          .extracting(reply -> (PipelineError) reply.getOutcome())
          .allSatisfy(error -> assertThat(error.getCode()).isEqualTo("provider_unavailable"))
          .allSatisfy(error -> assertThat(error.getAllowFallbacks()).isTrue());
      assertThat(provider.begun()).isEmpty();
      assertThat(counted(WorkerMeters.BLOCKED)).isEqualTo(3);
      assertThat(workers.failure()).isEmpty();
    }
  }

  @Test
  void shouldPutWhatCannotBeUsedOnTheDeadLettersAndGoOn() throws Exception {
    Exchange frameless = fixture.exchange("frameless");
    frameless.setFrames(List.of());
    fixture.dispatchRaw("garbage", "garbage".getBytes(StandardCharsets.UTF_8));
    fixture.dispatchRaw("schema", new byte[] {0, 0x7f, 0, 0, 1, 2, 3});
    fixture.dispatchRaw("nothing", null);
    fixture.dispatch(frameless).get();
    fixture.dispatchAll("good", 3);
    try (ProviderWorkers workers = start(config(simulated(Map.of())))) {
      List<ConsumerRecord<byte[], byte[]>> letters = fixture.deadLetters(4);
      assertThat(letters)
          .extracting(letter -> new String(letter.key(), StandardCharsets.UTF_8))
          .containsExactlyInAnyOrder("garbage", "schema", "nothing", "default/frameless");
      ConsumerRecord<byte[], byte[]> garbage =
          letters.stream().filter(letter -> letter.value() != null).findFirst().orElseThrow();
      assertThat(header(garbage, HeaderNames.FAILED_BY)).isEqualTo("provider-workers");
      assertThat(header(garbage, HeaderNames.ORIGIN_TOPIC))
          .isEqualTo(fixture.topics().dispatch(DispatchFixture.PROVIDER, Lane.STANDARD).name());
      assertThat(letters)
          .extracting(letter -> header(letter, HeaderNames.ERROR_CODE))
          .containsExactlyInAnyOrder(
              "undecodable", "unknown_schema", "undecodable", "internal_error");
      assertThat(fixture.repliesUntil(read -> read.size() >= 3)).hasSize(3);
      awaitCommitted(7);
      assertThat(workers.failure()).isEmpty();
    }
  }

  @Test
  void shouldGoOnWhenTheRegistryComesBack() throws Exception {
    List<String> ids = fixture.dispatchAll("r", 10);
    fixture.stopRegistry();
    try (ProviderWorkers workers = start(config(simulated(Map.of())))) {
      Awaitility.await()
          .until(() -> meters.get(WorkerMeters.IN_FLIGHT).gauge().value() == ids.size());
      fixture.startRegistry();
      assertThat(DispatchFixture.ids(fixture.repliesUntil(read -> read.size() >= 10)))
          .containsExactlyInAnyOrderElementsOf(ids);
      assertThat(workers.failure()).isEmpty();
    }
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private double counted(String meter) {
    return meters.get(meter).counter().count();
  }
}
