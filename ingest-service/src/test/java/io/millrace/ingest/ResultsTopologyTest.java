package io.millrace.ingest;

import static io.millrace.ingest.TopologyFixture.NOW;
import static io.millrace.ingest.TopologyFixture.TOPICS;
import static io.millrace.ingest.TopologyFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.PipelineEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTopologyTest {

  @TempDir Path stateDir;

  private TopologyFixture topology;

  @BeforeEach
  void open() {
    topology = new TopologyFixture(stateDir);
  }

  @AfterEach
  void close() {
    topology.close();
  }

  @Test
  void shouldKeepTheResultAsItWasWhenOneComes() {
    CompletionResult result = result("acme", "r1", NOW);

    topology.complete(result);

    assertThat(topology.stored("acme", "r1"))
        .singleElement()
        .isInstanceOfSatisfying(
            StoredState.Finished.class,
            finished ->
                assertThat(finished.completion())
                    .isEqualTo(
                        topology.encode(TOPICS.completions(), CompletionResult.class, result)));
    assertThat(topology.stored("other", "r1")).isEmpty();
  }

  @Test
  void shouldSayInProgressWhenTheRequestWasAccepted() {
    topology.event(event("request-accepted", "acme", "r1", NOW));

    assertThat(topology.stored("acme", "r1"))
        .containsExactly(new StoredState.InProgress(NOW.toEpochMilli()));
  }

  @Test
  void shouldKeepTheResultWhenItComesBeforeItsEventOfTheSameTime() {
    topology.complete(result("acme", "r1", NOW));
    topology.event(event("request-accepted", "acme", "r1", NOW));

    assertThat(topology.stored("acme", "r1")).first().isInstanceOf(StoredState.Finished.class);
  }

  @Test
  void shouldKeepOneResultWhenItComesTwice() {
    topology.complete(result("acme", "r1", NOW));
    topology.complete(result("acme", "r1", NOW));

    assertThat(topology.stored("acme", "r1")).hasSize(1);
  }

  @Test
  void shouldPassOverWhenEventsAreOfOtherKinds() {
    topology.event(event("request-finished", "acme", "r1", NOW));
    topology.event(event("request-duplicate", "acme", "r1", NOW));
    topology.event(event("request-accepted", null, null, NOW));

    assertThat(topology.stored("acme", "r1")).isEmpty();
  }

  @Test
  void shouldGoOnWhenARecordIsATombstoneOrGarbage() {
    topology.complete(bytes("r0"), null);
    topology.complete(null, bytes("garbage"));
    topology.event(bytes("garbage"));
    topology.complete(result("acme", "r1", NOW));

    assertThat(topology.stored("acme", "r1")).hasSize(1);
    assertThat(
            topology
                .meters
                .counter(IngestMeters.UNDECODABLE, "topic", TOPICS.completions().name())
                .count())
        .isEqualTo(1);
    assertThat(
            topology
                .meters
                .counter(IngestMeters.UNDECODABLE, "topic", TOPICS.events().name())
                .count())
        .isEqualTo(1);
  }

  @Test
  void shouldForgetTheResultWhenItIsOlderThanTheRetention() {
    topology.complete(result("acme", "old", NOW));
    Duration longAfter = IngestConfig.defaults().streams().resultRetention().multipliedBy(3);
    topology.driver.advanceWallClockTime(longAfter);
    topology.complete(result("acme", "new", NOW.plus(longAfter)));

    assertThat(topology.stored("acme", "old")).isEmpty();
    assertThat(topology.stored("acme", "new")).hasSize(1);
  }

  @Test
  void shouldForgetNothingWhenAResultClaimsToBeOfTheFuture() {
    topology.complete(result("acme", "r1", NOW));
    topology.complete(result("acme", "future", NOW.plus(Duration.ofDays(365))));

    assertThat(topology.stored("acme", "r1")).hasSize(1);
    assertThat(topology.stored("acme", "future")).hasSize(1);
  }

  @Test
  void shouldLookLikeThisWhenDescribed() {
    assertThat(topology.topology().describe().toString())
        .isEqualToIgnoringWhitespace(
            """
            Topologies:
             Sub-topology: 0
              Source: requests (topics: [t.requests])
                --> admission
              Processor: admission (stores: [])
                --> dead-letters, home-requests
                <-- requests
              Sink: dead-letters (topic: t.dead-letters)
                <-- admission
              Sink: home-requests (topic: t.stage.home.requests)
                <-- admission
             Sub-topology: 1
              Source: completions (topics: [t.completions])
                --> result
              Source: events (topics: [t.events])
                --> progress
              Processor: progress (stores: [results])
                --> none
                <-- events
              Processor: result (stores: [results])
                --> none
                <-- completions
            """);
  }

  private static CompletionResult result(String tenant, String requestId, Instant at) {
    CompletionResult result = Requests.echo(Requests.exchange(tenant, requestId));
    result.setFinishedAtMillis(at.toEpochMilli());
    return result;
  }

  private static PipelineEvent event(
      String type, @Nullable String tenant, @Nullable String requestId, Instant at) {
    return PipelineEvent.newBuilder()
        .setType(type)
        .setTenant(tenant)
        .setRequestId(requestId)
        .setSource("home")
        .setAtMillis(at.toEpochMilli())
        .build();
  }
}
