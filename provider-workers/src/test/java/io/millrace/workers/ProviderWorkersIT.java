package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.provider.ProviderFactory;
import io.millrace.schemas.avro.Completion;
import io.millrace.schemas.avro.CompletionChunk;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.HealthState;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.PipelineError;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.avro.ProviderHealth;
import io.millrace.schemas.avro.Target;
import io.millrace.schemas.health.ProviderOrder;
import io.millrace.schemas.topic.HeaderNames;
import io.millrace.workers.gate.CallControls;
import io.millrace.workers.gate.CircuitSetting;
import io.millrace.workers.gate.RetryBudgetSetting;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
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
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    fixture = DispatchFixture.on(broker, 2);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

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
  void shouldPublishThePiecesOfAnAnswerBeforeTheAnswer() throws Exception {
    StreamingProvider provider = new StreamingProvider();
    try (ProviderWorkers workers = start(config(streaming()), provider)) {
      fixture.dispatch(fixture.streamed("r")).get();
      List<CompletionChunk> first = fixture.chunksUntil(read -> !read.isEmpty());
      assertThat(first).singleElement().extracting(CompletionChunk::getLast).isEqualTo(false);
      provider.goOn();
      List<CompletionChunk> all = fixture.chunksUntil(read -> read.size() >= 3);
      assertThat(all)
          .extracting(CompletionChunk::getJson)
          .containsExactly(StreamingProvider.FIRST, StreamingProvider.SECOND, null);
      assertThat(all).extracting(CompletionChunk::getSequence).containsExactly(0L, 1L, 2L);
      assertThat(all).extracting(CompletionChunk::getStream).containsOnly(first.get(0).getStream());
      assertThat(all.getLast().getLast()).isTrue();
      assertThat(all.getLast().getError()).isNull();
      assertThat(fixture.repliesUntil(read -> !read.isEmpty()).getFirst().getOutcome())
          .isInstanceOf(Completion.class);
      assertThat(workers.failure()).isEmpty();
    }
  }

  @Test
  void shouldEndTheStreamAndTryNoFallbackWhenTheProviderBreaksOff() throws Exception {
    try (ProviderWorkers workers = start(config(streaming()), new StreamingProvider())) {
      fixture.dispatch(fixture.streamed("break")).get();
      List<CompletionChunk> all = fixture.chunksUntil(read -> read.size() >= 2);
      assertThat(all.getLast().getError().getCode()).isEqualTo("upstream_unreachable");
      assertThat(fixture.repliesUntil(read -> !read.isEmpty()).getFirst().getOutcome())
          .isInstanceOfSatisfying(
              PipelineError.class, error -> assertThat(error.getAllowFallbacks()).isFalse());
      assertThat(fixture.callsUntil(read -> !read.isEmpty())).hasSize(1);
      assertThat(workers.failure()).isEmpty();
    }
  }

  @Test
  void shouldBeginAStreamAnewWhenAWorkerStopsInTheMiddle() throws Exception {
    StreamingProvider provider = new StreamingProvider();
    ProviderWorkersConfig hasty =
        config(streaming()).withGrace(Duration.ZERO, Duration.ofMillis(100));
    try (ProviderWorkers workers = start(hasty, provider)) {
      fixture.dispatch(fixture.streamed("r")).get();
      provider.awaitFirstPiece();
      assertThat(workers.failure()).isEmpty();
    }
    provider.goOn();
    try (ProviderWorkers workers = start(config(streaming()), provider)) {
      List<CompletionChunk> all = fixture.chunksUntil(read -> read.size() >= 5);
      assertThat(all).extracting(CompletionChunk::getSequence).containsExactly(0L, 1L, 0L, 1L, 2L);
      assertThat(all.get(1).getError().getCode()).isEqualTo("stream_interrupted");
      assertThat(all.get(2).getStream()).isNotEqualTo(all.get(1).getStream());
      assertThat(all.getLast().getError()).isNull();
      assertThat(fixture.repliesUntil(read -> !read.isEmpty())).hasSize(1);
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
  void shouldServeTheInteractiveLaneWhenTheOthersFillTheirShare() throws Exception {
    GateProvider provider = GateProvider.holding(id -> id.contains("slow"));
    fixture.dispatchAll("slow", 100);
    try (ProviderWorkers workers = start(config(gate().withMaxInFlight(10)), provider)) {
      Awaitility.await().until(() -> provider.heldNow() == 9);
      Exchange urgent = fixture.exchange("urgent");
      urgent.setLane(Lane.INTERACTIVE);
      fixture.dispatch(urgent).get();
      assertThat(fixture.repliesUntil(read -> !read.isEmpty()))
          .extracting(Exchange::getRequestId)
          .containsExactly("urgent");
      assertThat(provider.heldNow()).isEqualTo(9);
      provider.open();
      assertThat(fixture.repliesUntil(read -> read.size() >= 101)).hasSize(101);
      assertThat(workers.failure()).isEmpty();
    }
  }

  @Test
  void shouldTakeNothingMoreWhenTheMarksWouldNotFit() throws Exception {
    GateProvider provider =
        GateProvider.holding(id -> Integer.parseInt(id.replaceAll("\\D+(\\d+)#1", "$1")) % 2 == 0);
    ProviderWorkersConfig config =
        config(gate().withMaxInFlight(5_000)).withMaxMetadataCharacters(64);
    fixture.dispatchAll("r", 3_000);
    try (ProviderWorkers workers = start(config, provider)) {
      int begun = begunWhenNothingMoves(provider);
      assertThat(begun).isBetween(400, 1_500);
      Awaitility.await()
          .until(() -> fixture.committed().values().stream().anyMatch(o -> hasMarks(o)));
      assertThat(provider.begun()).hasSize(begun);
      provider.open();
      assertThat(fixture.repliesUntil(read -> read.size() >= 3_000)).hasSize(3_000);
      awaitCommitted(3_000);
      assertThat(provider.begun()).hasSize(3_000);
      assertThat(workers.failure()).isEmpty();
    }
  }

  @Test
  void shouldKeepItsPartitionsWhenCallsOutliveThePollInterval() throws Exception {
    Map<String, String> properties = new java.util.HashMap<>(fixture.connection().properties());
    properties.put("max.poll.interval.ms", "2000");
    GateProvider provider = GateProvider.holding(id -> true);
    fixture.dispatchAll("r", 20);
    try (ProviderWorkers workers =
        ProviderWorkers.start(
            config(gate().withMaxInFlight(6)), // one place is kept for the interactive lane
            new io.millrace.schemas.kafka.KafkaConnection(properties),
            fixture.topics(),
            meters,
            List.of(provider))) {
      Awaitility.await().until(() -> provider.heldNow() == 5);
      Awaitility.await()
          .during(Duration.ofSeconds(5))
          .atMost(Duration.ofSeconds(20))
          .until(() -> provider.heldNow() == 5 && workers.ready());
      provider.open();
      assertThat(fixture.repliesUntil(read -> read.size() >= 20)).hasSize(20);
      assertThat(provider.begun()).hasSize(20);
      assertThat(workers.failure()).isEmpty();
    }
  }

  @Test
  void shouldLoseAndRepeatNothingWhenWorkersComeAndGo() throws Exception {
    ProviderSetting setting =
        simulated(Map.of("latency", "uniform", "latency_ms", 20, "latency_max_ms", 200))
            .withMaxInFlight(50);
    ProviderWorkersConfig patient =
        config(setting).withGrace(Duration.ofSeconds(30), Duration.ofSeconds(30));
    List<String> ids = new ArrayList<>(fixture.dispatchAll("early", 1_000));
    try (ProviderWorkers first = start(patient.withWorkerId("first"))) {
      awaitCalls(meters, 200);
      SimpleMeterRegistry others = new SimpleMeterRegistry();
      try (ProviderWorkers second = start(others, patient.withWorkerId("second"))) {
        dispatchUntilCalled(others, 200, ids);
        assertThat(first.failure()).isEmpty();
        assertThat(second.failure()).isEmpty();
      }
      ids.addAll(fixture.dispatchAll("last", 500));
      awaitCalls(meters, 600);
    }
    ids.addAll(fixture.dispatchAll("left", 20));
    try (ProviderWorkers third = start(patient.withWorkerId("third"))) {
      List<Exchange> replies = fixture.repliesUntil(read -> read.size() >= ids.size());
      awaitCommitted(ids.size());
      assertThat(third.failure()).isEmpty();
      assertThat(DispatchFixture.ids(replies)).containsExactlyInAnyOrderElementsOf(ids);
    }
    List<ProviderCall> calls = fixture.callsUntil(read -> read.size() >= ids.size());
    assertThat(calls).hasSize(ids.size());
    assertThat(calls).extracting(ProviderCall::getWorker).contains("first", "second", "third");
  }

  @Test
  void shouldLeaveCallsToTheNextOwnerWhenTheyOutliveTheGrace() throws Exception {
    GateProvider stuck = GateProvider.holding(id -> id.contains("stuck"));
    fixture.dispatchAll("stuck", 3);
    fixture.dispatchAll("quick", 50);
    ProviderWorkersConfig config =
        config(gate()).withGrace(Duration.ofMillis(100), Duration.ofMillis(100));
    try (ProviderWorkers first = start(config, stuck)) {
      fixture.repliesUntil(read -> read.size() >= 50);
      // A reply can be read a moment before its worker knows that it was sent.
      Awaitility.await().until(() -> running() == 3);
      assertThat(first.failure()).isEmpty();
    }
    GateProvider next = GateProvider.holding(id -> false);
    try (ProviderWorkers second = start(config, next)) {
      assertThat(fixture.repliesUntil(read -> read.size() >= 53)).hasSize(53);
      assertThat(next.begun()).hasSize(3).allMatch(id -> id.contains("stuck"));
      assertThat(second.failure()).isEmpty();
    }
    assertThat(fixture.callsUntil(read -> read.size() >= 56))
        .filteredOn(call -> "cancelled".equals(call.getErrorCode()))
        .hasSize(3);
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
      assertThat(fixture.repliesUntil(ProviderWorkersIT::anyFailed))
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

  private int begunWhenNothingMoves(GateProvider provider) {
    AtomicInteger before = new AtomicInteger();
    Awaitility.await()
        .during(Duration.ofSeconds(1))
        .until(
            () -> {
              int now = provider.begun().size();
              return before.getAndSet(now) == now
                  && meters.get(WorkerMeters.PARTITIONS_HELD).gauge().value() == 2
                  && provider.heldNow() == running();
            });
    return before.get();
  }

  private static boolean hasMarks(OffsetAndMetadata offset) {
    return offset != null && offset.metadata().startsWith("millrace1");
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private void awaitCommitted(long records) {
    Awaitility.await()
        .untilAsserted(() -> assertThat(fixture.committedRecords()).isEqualTo(records));
  }

  /** However long the group takes to give the worker its partitions, there is work for it then. */
  private void dispatchUntilCalled(SimpleMeterRegistry registry, long count, List<String> ids) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              ids.addAll(fixture.dispatchAll("more-" + ids.size(), 100));
              return registry.get(WorkerMeters.CALL_LATENCY).timer().count() >= count;
            });
  }

  private static void awaitCalls(SimpleMeterRegistry registry, long count) {
    Awaitility.await()
        .until(() -> registry.get(WorkerMeters.CALL_LATENCY).timer().count() >= count);
  }

  private int running() {
    return (int) meters.get(WorkerMeters.IN_FLIGHT).gauge().value();
  }

  private double counted(String meter) {
    return meters.get(meter).counter().count();
  }

  private static ProviderSetting streaming() {
    return ProviderSetting.of("streaming");
  }

  private ProviderWorkers start(ProviderWorkersConfig config, ProviderFactory... plugins) {
    return start(meters, config, plugins);
  }

  private ProviderWorkers start(
      SimpleMeterRegistry registry, ProviderWorkersConfig config, ProviderFactory... plugins) {
    return ProviderWorkers.start(
        config, fixture.connection(), fixture.topics(), registry, List.of(plugins));
  }

  private static ProviderWorkersConfig config(ProviderSetting setting) {
    return ProviderWorkersConfig.defaults()
        .withProviders(Map.of(DispatchFixture.PROVIDER, setting))
        .withGrace(Duration.ofSeconds(2), Duration.ofSeconds(10));
  }

  private static ProviderSetting gate() {
    return ProviderSetting.of("gate");
  }

  private static ProviderSetting simulated(Map<String, Object> settings) {
    return ProviderSetting.of("simulated").withSettings(settings);
  }
}
