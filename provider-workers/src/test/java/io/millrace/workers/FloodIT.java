package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.embedded.broker.BrokerExtension;
import io.millrace.embedded.broker.TestBroker;
import io.millrace.plugin.tck.ScriptedServer;
import io.millrace.schemas.avro.Exchange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A tenant behind a flood that is longer than what a worker holds, and a worker that is killed. */
@ExtendWith(BrokerExtension.class)
class FloodIT {

  private static final int FLOOD = 2 * ReadAhead.MAX_RECORDS + 2_000;
  private static final int SMALL = 100;
  private static final int MAX_IN_FLIGHT = 40;
  private static final int CALL_MILLIS = 20;

  /** Begun while the worker reads past the flood, in several seconds on a busy machine. */
  private static final int MOST_OF_THE_FLOOD = ReadAhead.MAX_RECORDS;

  private static final String COMPLETION =
      "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"ok\"}}]}";

  private final CountDownLatch never = new CountDownLatch(1);

  @Test
  void shouldReachATenantBehindAFloodAndLoseNothingWhenKilled(
      TestBroker broker, @TempDir Path folder) throws Exception {
    try (DispatchFixture fixture = DispatchFixture.on(broker, 2);
        ScriptedServer server = ScriptedServer.answering(this::answerLater)) {
      dispatch(fixture, "flood", FLOOD);
      dispatch(fixture, "small", SMALL);
      Process worker =
          WorkerProcess.start(
              fixture, server.baseUrl(), MAX_IN_FLIGHT, folder.resolve("worker.log"));
      try {
        Awaitility.await()
            .atMost(Duration.ofSeconds(90))
            .until(() -> calls(server, "small") == SMALL);
        assertThat(calls(server, "flood")).isLessThan(MOST_OF_THE_FLOOD);
      } finally {
        worker.destroyForcibly().waitFor();
      }
      finish(fixture);
    }
  }

  private static void finish(DispatchFixture fixture) {
    ProviderSetting fast =
        ProviderSetting.of("simulated").withSettings(Map.of("latency_ms", 0)).withMaxInFlight(400);
    int all = FLOOD + SMALL;
    try (ProviderWorkers workers =
        ProviderWorkers.start(
            ProviderWorkersConfig.defaults().withProviders(Map.of(DispatchFixture.PROVIDER, fast)),
            fixture.connection(),
            fixture.topics(),
            new SimpleMeterRegistry())) {
      Set<String> answered = new HashSet<>();
      List<Exchange> replies =
          fixture.repliesUntil(
              read -> {
                if (read.size() >= all) {
                  read.forEach(reply -> answered.add(reply.getRequestId()));
                }
                return answered.size() >= all;
              });
      assertThat(replies.size() - all).isBetween(0, MAX_IN_FLIGHT);
      assertThat(workers.failure()).isEmpty();
    }
  }

  private static long calls(ScriptedServer server, String tenant) {
    return server.requests().stream()
        .filter(
            request ->
                String.valueOf(request.headers().get("idempotency-key")).contains(tenant + "/"))
        .count();
  }

  private static void dispatch(DispatchFixture fixture, String tenant, int count) throws Exception {
    List<Future<?>> sent = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Exchange exchange = fixture.exchange(tenant + "-" + i);
      exchange.setExchangeId(tenant + "/" + exchange.getRequestId());
      exchange.setTenant(tenant);
      sent.add(fixture.dispatch(exchange));
    }
    for (Future<?> future : sent) {
      future.get();
    }
  }

  private void answerLater(ScriptedServer.Request request, java.io.OutputStream out)
      throws java.io.IOException, InterruptedException {
    if (!never.await(CALL_MILLIS, TimeUnit.MILLISECONDS)) {
      out.write(ScriptedServer.response(200, "", COMPLETION));
    }
  }
}
