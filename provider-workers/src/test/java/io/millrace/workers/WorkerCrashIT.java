package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.plugin.tck.ScriptedServer;
import io.millrace.schemas.avro.Exchange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(BrokerExtension.class)
class WorkerCrashIT {

  private static final int REQUESTS = 900;
  private static final int MAX_IN_FLIGHT = 40;
  private static final int STOPPED_REQUESTS = 600;
  private static final int CALL_MILLIS = 50;
  private static final String COMPLETION =
      "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"ok\"}}]}";

  private final CountDownLatch never = new CountDownLatch(1);

  @Test
  void shouldRepeatNoMoreThanWasInFlightWhenKilled(TestBroker broker, @TempDir Path folder)
      throws Exception {
    Path log = folder.resolve("workers.log");
    try (DispatchFixture fixture = DispatchFixture.on(broker, 2);
        ScriptedServer server = ScriptedServer.answering(this::answerLater)) {
      List<String> ids = fixture.dispatchAll("r", REQUESTS);
      for (int seen = REQUESTS / 3; seen < REQUESTS; seen += REQUESTS / 3) {
        killWhenSeen(
            WorkerProcess.start(fixture, server.baseUrl(), MAX_IN_FLIGHT, log), server, seen);
      }
      Process last = WorkerProcess.start(fixture, server.baseUrl(), MAX_IN_FLIGHT, log);
      try {
        Set<String> wanted = new HashSet<>(ids);
        List<Exchange> replies =
            fixture.repliesUntil(
                read -> DispatchFixture.ids(read).collect(Collectors.toSet()).equals(wanted));
        assertThat(replies.size() - REQUESTS).isBetween(0, 2 * MAX_IN_FLIGHT);
        Map<String, Long> calls =
            server.requests().stream()
                .map(request -> String.valueOf(request.headers().get("idempotency-key")))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(calls).hasSize(REQUESTS);
        long repeats = calls.values().stream().mapToLong(count -> count - 1).sum();
        assertThat(repeats).as("after two crashes").isBetween(1L, 2L * MAX_IN_FLIGHT);
      } finally {
        last.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  void shouldRepeatNothingWhenToldToStop(TestBroker broker, @TempDir Path folder) throws Exception {
    Path log = folder.resolve("workers.log");
    try (DispatchFixture fixture = DispatchFixture.on(broker, 2);
        ScriptedServer server = ScriptedServer.answering(this::answerLater)) {
      List<String> ids = fixture.dispatchAll("r", STOPPED_REQUESTS);
      Process first = WorkerProcess.start(fixture, server.baseUrl(), MAX_IN_FLIGHT, log);
      try {
        awaitSeen(server, STOPPED_REQUESTS / 4); // so that there is enough to do till it is told
        first.destroy();
        assertThat(first.waitFor(60, TimeUnit.SECONDS)).as("it ends by itself").isTrue();
      } finally {
        first.destroyForcibly().waitFor();
      }
      assertThat(server.requests()).hasSizeLessThan(STOPPED_REQUESTS);
      assertThat(Files.readString(log)).doesNotContain("cut off", "left behind");
      Process last = WorkerProcess.start(fixture, server.baseUrl(), MAX_IN_FLIGHT, log);
      try {
        List<Exchange> replies = fixture.repliesUntil(read -> read.size() >= STOPPED_REQUESTS);
        assertThat(DispatchFixture.ids(replies)).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(server.requests()).hasSize(STOPPED_REQUESTS);
      } finally {
        last.destroyForcibly().waitFor();
      }
    }
  }

  private static void awaitSeen(ScriptedServer server, int requests) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> server.requests().size() >= requests);
  }

  private static void killWhenSeen(Process worker, ScriptedServer server, int requests)
      throws InterruptedException {
    try {
      awaitSeen(server, requests);
    } finally {
      worker.destroyForcibly().waitFor();
    }
  }

  private void answerLater(ScriptedServer.Request request, java.io.OutputStream out)
      throws java.io.IOException, InterruptedException {
    if (!never.await(CALL_MILLIS, TimeUnit.MILLISECONDS)) {
      out.write(ScriptedServer.response(200, "", COMPLETION));
    }
  }
}
