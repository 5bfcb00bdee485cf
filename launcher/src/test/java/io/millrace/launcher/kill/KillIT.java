package io.millrace.launcher.kill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.schemas.avro.Completion;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.avro.ProviderCall;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The promise itself: whatever process dies, no accepted request is lost or answered twice (I1 to
 * I4). Every role runs as a process of its own and is killed with SIGKILL again and again while
 * requests flow; the broker once.
 */
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class KillIT {

  private static final Logger LOG = LoggerFactory.getLogger(KillIT.class);

  /** A longer run is {@code -Dmillrace.kill.rounds=10}. */
  private static final int KILLS_PER_ROLE = Integer.getInteger("millrace.kill.rounds", 3);

  private static final int REQUESTS =
      Integer.getInteger("millrace.kill.requests", 500 * KILLS_PER_ROLE);

  private static final int KILLED_AT_ONCE = 2;
  private static final long SEED = Long.getLong("millrace.kill.seed", System.nanoTime());

  /**
   * A call is in flight until its completion is committed: the worker commits every 50 ms, the home
   * stage every 100 ms, and a killed worker's last commit may be one interval old.
   */
  private static final long COMMIT_LAG_MILLIS = 250;

  @TempDir Path folder;

  @Test
  void shouldAnswerEachRequestOnceWhateverProcessDies() {
    LOG.warn("seed {}: repeat with -Dmillrace.kill.seed={}", SEED, SEED);
    try (KillCluster cluster = KillCluster.start(folder)) {
      List<Long> kills;
      try (RequestFlow flow = RequestFlow.start(cluster, REQUESTS)) {
        kills = killEverything(cluster, flow, new Random(SEED));
        flow.finish();
      }
      List<CompletionResult> results = awaitResults(cluster);
      List<ProviderCall> calls = everyCall(cluster);
      assertExactlyOneResultEach(results);
      assertRepeatedCallsBounded(results, calls, kills);
      assertNothingRunsAgain(cluster, results.size(), calls.size());
    }
  }

  /**
   * Kills each role as often as it takes, in random order and at random moments; each time a second
   * role while the first has yet to come up. The broker dies once, midway, while nothing else is
   * down: its clients need it to start.
   */
  private static List<Long> killEverything(KillCluster cluster, RequestFlow flow, Random random) {
    List<List<MillraceProcess>> blows = blows(cluster, random);
    List<Long> kills = new ArrayList<>();
    for (int i = 0; i < blows.size(); i++) {
      flow.awaitSent((long) REQUESTS * (i + 1) / (blows.size() + 1));
      for (MillraceProcess victim : blows.get(i)) {
        pause(random);
        kills.add(System.currentTimeMillis());
        cluster.killAndRestart(victim);
      }
      blows.get(i).forEach(cluster::awaitRestarted);
    }
    return kills;
  }

  /** Each role once per round, two at a time, and the broker midway. */
  private static List<List<MillraceProcess>> blows(KillCluster cluster, Random random) {
    List<List<MillraceProcess>> blows = new ArrayList<>();
    for (int i = 0; i < KILLS_PER_ROLE; i++) {
      List<MillraceProcess> round = new ArrayList<>(cluster.roles());
      Collections.shuffle(round, random);
      for (int from = 0; from < round.size(); from += KILLED_AT_ONCE) {
        blows.add(round.subList(from, Math.min(from + KILLED_AT_ONCE, round.size())));
      }
    }
    blows.add(blows.size() / 2, List.of(cluster.broker()));
    return blows;
  }

  private static void pause(Random random) {
    await().pollDelay(Duration.ofMillis(random.nextInt(400))).until(() -> true);
  }

  private static List<CompletionResult> awaitResults(KillCluster cluster) {
    try (TopicReader<CompletionResult> reader =
        new TopicReader<>(
            cluster.connection(), cluster.topics().completions().name(), CompletionResult.class)) {
      await("all results")
          .atMost(Duration.ofMinutes(4))
          .pollDelay(Duration.ZERO)
          .until(() -> idsOf(reader.poll()).size() >= REQUESTS);
      // A second answer would come within a deadline's clock tick and a commit or two.
      await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
      return List.copyOf(reader.poll());
    }
  }

  private static void assertExactlyOneResultEach(List<CompletionResult> results) {
    assertThat(idsOf(results))
        .as("seed %s: nothing lost", SEED)
        .isEqualTo(RequestFlow.ids(REQUESTS));
    assertThat(results).as("seed %s: nothing answered twice", SEED).hasSize(REQUESTS);
    assertThat(results)
        .as("seed %s: all completed", SEED)
        .allMatch(result -> result.getOutcome() instanceof Completion);
  }

  /** I4: after a crash no more calls repeat than were in flight. */
  private static void assertRepeatedCallsBounded(
      List<CompletionResult> results, List<ProviderCall> calls, List<Long> kills) {
    Map<String, Long> firstCall = new HashMap<>();
    calls.forEach(
        call -> firstCall.merge(call.getRequestId(), call.getStartedAtMillis(), Math::min));
    assertThat(firstCall.keySet()).as("every result was called for").isEqualTo(idsOf(results));
    long inFlight = 0;
    for (long kill : kills) {
      inFlight +=
          results.stream()
              .filter(
                  result -> Objects.requireNonNull(firstCall.get(result.getRequestId())) <= kill)
              .filter(result -> result.getFinishedAtMillis() + COMMIT_LAG_MILLIS >= kill)
              .count();
    }
    long repeated = calls.size() - REQUESTS;
    LOG.warn(
        "{} kills; {} calls in flight at them, {} of {} calls repeated",
        kills.size(),
        inFlight,
        repeated,
        calls.size());
    assertThat(repeated).as("seed %s: repeated calls", SEED).isLessThanOrEqualTo(inFlight);
  }

  /** I2: all of them once more: no call, no result, an event for each. */
  private static void assertNothingRunsAgain(KillCluster cluster, int results, int calls) {
    try (RequestFlow again = RequestFlow.start(cluster, REQUESTS, Duration.ZERO);
        TopicReader<PipelineEvent> events =
            new TopicReader<>(
                cluster.connection(), cluster.topics().events().name(), PipelineEvent.class)) {
      again.finish();
      await("an event for each repeated request")
          .atMost(Duration.ofMinutes(2))
          .until(() -> duplicates(events.poll()).equals(RequestFlow.ids(REQUESTS)));
    }
    assertThat(everyCall(cluster)).as("calls after resubmission").hasSize(calls);
    assertThat(awaitResults(cluster)).as("results after resubmission").hasSize(results);
  }

  private static Set<String> duplicates(List<PipelineEvent> events) {
    return events.stream()
        .filter(event -> event.getType().equals("request-duplicate"))
        .map(PipelineEvent::getRequestId)
        .collect(Collectors.toSet());
  }

  private static List<ProviderCall> everyCall(KillCluster cluster) {
    try (TopicReader<ProviderCall> reader =
        new TopicReader<>(
            cluster.connection(), cluster.topics().attempts().name(), ProviderCall.class)) {
      int[] before = {-1};
      await("the end of the calls")
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofSeconds(1))
          .until(
              () -> {
                int now = reader.poll().size();
                boolean settled = now == before[0] && now >= REQUESTS;
                before[0] = now;
                return settled;
              });
      return reader.poll().stream().filter(call -> !call.getProbe()).toList();
    }
  }

  private static Set<String> idsOf(List<CompletionResult> results) {
    Set<String> ids = new HashSet<>();
    results.forEach(result -> ids.add(result.getRequestId()));
    return ids;
  }
}
