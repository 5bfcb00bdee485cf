package io.millrace.stages;

import static io.millrace.stages.Exchanges.accepted;
import static io.millrace.stages.Exchanges.answered;
import static io.millrace.stages.Exchanges.codeOf;
import static io.millrace.stages.Exchanges.textOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.PipelineLoad;
import io.millrace.plugin.testing.TestEnvironment;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Lane;
import io.millrace.stages.hooks.headers.HeadersHookFactory;
import io.millrace.stages.hooks.mock.MockHookFactory;
import io.millrace.stages.hooks.redact.RedactHookFactory;
import io.millrace.stages.hooks.shed.ShedHookFactory;
import io.millrace.stages.hooks.validate.ValidateHookFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guards in the pipeline as it runs. */
class GuardChainTest {

  @TempDir Path stateDir;

  private static ActiveHook hook(HookFactory factory, Map<String, Object> config) {
    return hook(factory, config, PipelineLoad.IDLE);
  }

  private static ActiveHook hook(
      HookFactory factory, Map<String, Object> config, PipelineLoad load) {
    return HomeDriver.hook(
        factory.descriptor(config),
        factory.create(config, new TestEnvironment().withLoad(load).environment()));
  }

  private static Exchange saying(String text) {
    Exchange exchange = accepted("r1", "one/small", "two/big");
    exchange.getRequest().getMessages().getFirst().setContent(text);
    return exchange;
  }

  private static ActiveHook[] guards() {
    return new ActiveHook[] {
      hook(new HeadersHookFactory(), Map.of()),
      hook(new ValidateHookFactory(), Map.of()),
      hook(new RedactHookFactory(), Map.of())
    };
  }

  @Test
  void shouldPutBackAfterARestartWhatWasTakenOutBefore() {
    HomeDriver before = new HomeDriver(stateDir.resolve("a"), guards());
    before.request(saying("mail jo@x.example \u0007 please"));
    Exchange dispatched = before.dispatched().getFirst();
    assertThat(dispatched.getEffectiveRequest().getMessages().getFirst().getContent())
        .isEqualTo("mail [EMAIL_1]  please");
    try (HomeDriver after = before.restart(guards())) {
      after.advance(Duration.ofMillis(700));
      after.reply(answered(dispatched, "done: [EMAIL_1]"));
      CompletionResult result = after.results().getFirst();
      assertThat(textOf(result.getOutcome())).isEqualTo("done: jo@x.example");
      assertThat(result.getResponseHeaders())
          .containsEntry("x-millrace-provider", "one")
          .containsEntry("x-millrace-attempts", "1")
          .containsEntry("x-millrace-processing-ms", "700");
    }
  }

  @Test
  void shouldTakeOutAgainInAFallback() {
    try (HomeDriver home = new HomeDriver(stateDir, guards())) {
      home.request(saying("mail jo@x.example"));
      home.reply(
          Exchanges.failed(
              home.dispatched().getFirst(), io.millrace.plugin.model.ErrorCode.UPSTREAM_ERROR));
      Exchange second = home.dispatched().getFirst();
      assertThat(second.getEffectiveRequest().getMessages().getFirst().getContent())
          .isEqualTo("mail [EMAIL_1]");
      home.reply(answered(second, "[EMAIL_1]"));
      CompletionResult result = home.results().getFirst();
      assertThat(textOf(result.getOutcome())).isEqualTo("jo@x.example");
      assertThat(result.getResponseHeaders()).containsEntry("x-millrace-attempts", "2");
    }
  }

  @Test
  void shouldTryTheNextModelWhenOneIsTooSmallAndNoneWhenTheRequestIsAtFault() {
    Map<String, Object> limits =
        Map.of("models", Map.of("one/*", Map.of("max_input_tokens", 1)), "role_order", "strict");
    try (HomeDriver home = new HomeDriver(stateDir, hook(new ValidateHookFactory(), limits))) {
      home.request(saying("too long for the small one"));
      assertThat(home.dispatched().getFirst().getTarget().getProvider()).isEqualTo("two");
      Exchange faulty = accepted("r2", "one/small", "two/big");
      faulty.getRequest().getMessages().getFirst().setRole("assistant");
      home.request(faulty);
      assertThat(home.dispatched()).isEmpty();
      assertThat(codeOf(home.results().getFirst().getOutcome())).isEqualTo("invalid_request");
    }
  }

  @Test
  void shouldReplyLateWhenAMockIsToldTo() {
    Map<String, Object> rule = Map.of("respond", Map.of("text", "as {tenant}"), "delay", "250ms");
    try (HomeDriver home =
        new HomeDriver(stateDir, hook(new MockHookFactory(), Map.of("rules", List.of(rule))))) {
      home.request(accepted("r1", "one/small"));
      home.advance(Duration.ofMillis(200));
      assertThat(home.results()).isEmpty();
      home.advance(Duration.ofMillis(200));
      assertThat(textOf(home.results().getFirst().getOutcome())).isEqualTo("as acme");
      assertThat(home.dispatched()).isEmpty();
    }
  }

  /** The load exists with the driver only, and the hook before it. */
  private static final class Later implements PipelineLoad {
    private final AtomicReference<PipelineLoad> load = new AtomicReference<>(PipelineLoad.IDLE);

    private PipelineLoad now() {
      return Objects.requireNonNull(load.get());
    }

    @Override
    public Duration queueDelay() {
      return now().queueDelay();
    }

    @Override
    public long openExchanges() {
      return now().openExchanges();
    }

    @Override
    public Duration oldestOpen() {
      return now().oldestOpen();
    }
  }

  @Test
  void shouldLeaveOutBatchWhileTooMuchIsUnderWayAndTakeItInAgain() {
    Later load = new Later();
    ActiveHook shed = hook(new ShedHookFactory(), Map.of("max_open", 10, "hold", "0s"), load);
    try (HomeDriver home = new HomeDriver(stateDir, shed)) {
      load.load.set(home.load);
      for (int i = 0; i < 12; i++) {
        home.request(accepted("r" + i, "one/small"));
      }
      List<Exchange> underWay = home.dispatched();
      home.advance(Duration.ofMillis(100));
      int[] number = new int[1];
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> outcomeOfBatch(home, "b" + number[0]++).equals("overloaded"));
      assertThat(home.dispatched()).allMatch(exchange -> exchange.getLane() == Lane.BATCH);

      underWay.forEach(exchange -> home.reply(answered(exchange, "yes")));
      home.results();
      home.advance(Exchanges.TIMEOUT.plusSeconds(1));
      home.results();
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> outcomeOfBatch(home, "c" + number[0]++).equals("dispatched"));
      home.chain.close();
    }
  }

  private static String outcomeOfBatch(HomeDriver home, String id) {
    Exchange batch = accepted(id, "one/small");
    batch.setLane(Lane.BATCH);
    long now = home.now().toEpochMilli();
    batch.setAcceptedAtMillis(now);
    batch.setDeadlineMillis(now + Exchanges.TIMEOUT.toMillis());
    home.request(batch);
    List<CompletionResult> results = home.results();
    return results.isEmpty() ? "dispatched" : codeOf(results.getFirst().getOutcome());
  }
}
