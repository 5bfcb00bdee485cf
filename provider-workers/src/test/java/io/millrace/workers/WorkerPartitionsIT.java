package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.ProviderCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Partitions that fill up, stay and move while calls are under way, on a broker. */
class WorkerPartitionsIT extends WorkersFixture {

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
}
