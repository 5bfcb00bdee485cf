package io.millrace.stages;

import static io.millrace.stages.Exchanges.accepted;
import static io.millrace.stages.Exchanges.answered;
import static io.millrace.stages.Exchanges.codeOf;
import static io.millrace.stages.Exchanges.failed;
import static io.millrace.stages.Exchanges.textOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.hook.Scope;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.Frame;
import io.millrace.schemas.avro.Target;
import io.millrace.stages.CountingHook.Call;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups beyond home: a tenant's hook at home, then one by content, then one by provider. */
class GroupTopologyTest {

  private static final List<String> DOWN = List.of("auth.pre", "cache.pre", "quota.pre");
  private static final List<String> UP = List.of("quota.post", "cache.post", "auth.post");

  @TempDir private Path stateDir;

  private final Queue<Call> calls = CountingHook.noCalls();

  @Test
  void shouldRunDownAndUpThroughEveryGroupAndCountInEachState() {
    try (HomeDriver home = driver(PreHookResult::proceed)) {
      home.request(accepted("r1", "one/small"));
      Exchange dispatched = home.dispatched().getFirst();
      assertThat(dispatched.getFrames())
          .extracting(Frame::getReplyTopic)
          .containsExactly(
              "t.stage.home.replies",
              "t.stage.content-cache.replies",
              "t.stage.provider-quota.replies");
      assertThat(dispatched.getFrames())
          .extracting(Frame::getHooks)
          .containsExactly(List.of("auth"), List.of("cache"), List.of("quota"));
      assertThat(dispatched.getFrames().getLast().getScopeKey()).isEqualTo("one");
      home.reply(answered(dispatched, "yes"));
      CompletionResult result = home.results().getFirst();
      assertThat(textOf(result.getOutcome())).isEqualTo("yes");
      assertThat(CountingHook.names(calls)).containsSequence(DOWN).containsSequence(UP).hasSize(6);
      home.request(accepted("r2", "one/small"));
      home.reply(answered(home.dispatched().getFirst(), "yes"));
      assertThat(calls.stream().skip(6)).extracting(Call::count).containsOnly(2);
    }
  }

  @Test
  void shouldUnwindFromTheGroupThatRespondsWhenAHookShortCircuits() {
    try (HomeDriver home =
        driver(
            request ->
                PreHookResult.fail(ErrorCode.HOOK_FAILED.error("no").withAllowFallbacks(false)))) {
      home.request(accepted("r1", "one/small"));
      assertThat(home.dispatched()).isEmpty();
      assertThat(codeOf(home.results().getFirst().getOutcome())).isEqualTo("hook_failed");
      assertThat(CountingHook.names(calls))
          .containsExactly("auth.pre", "cache.pre", "cache.post", "auth.post");
    }
  }

  @Test
  void shouldRunPostHooksOnceWhenTheReplyComesTwice() {
    try (HomeDriver home = driver(PreHookResult::proceed)) {
      home.request(accepted("r1", "one/small"));
      Exchange reply = answered(home.dispatched().getFirst(), "yes");
      home.reply(reply);
      home.reply(reply);
      assertThat(CountingHook.names(calls)).hasSize(6);
      assertThat(home.results()).hasSize(1);
      assertThat(home.eventTypes()).contains("reply-dropped");
    }
  }

  @Test
  void shouldBuryAnExchangeWhoseOutcomeHasNowhereToGo() {
    try (HomeDriver home = driver(PreHookResult::proceed)) {
      Exchange exchange = accepted("r1", "one/small");
      exchange.setAttempt(1);
      exchange.setTarget(new Target("one", "small"));
      home.pipe("t.stage.content-cache.requests", "k", exchange);
      exchange.setFrames(List.of(new Frame("nobodys-topic", "k", List.of())));
      home.pipe("t.stage.content-cache.requests", "k", exchange);
      exchange.setTarget(null);
      home.pipe("t.stage.content-cache.requests", "k", exchange);
      assertThat(home.deadLetters()).hasSize(3);
      assertThat(calls).isEmpty();
    }
  }

  @Test
  void shouldSendOnWhatComesFromAGroupThatOnlyOthersKnowYet() {
    try (HomeDriver home = driver(PreHookResult::proceed)) {
      Exchange exchange = accepted("r1", "one/small");
      exchange.setAttempt(1);
      exchange.setTarget(new Target("one", "small"));
      exchange.setFrames(List.of(new Frame("t.stage.added.replies", "k", List.of())));
      home.pipe("t.stage.content-cache.requests", "k", exchange);
      assertThat(home.dispatched()).hasSize(1);
      assertThat(home.deadLetters()).isEmpty();
    }
  }

  @Test
  void shouldRefuseAnExchangeForAProviderThatIsNotThere() {
    try (HomeDriver home = driver(PreHookResult::proceed)) {
      Exchange exchange = accepted("r1", "one/small");
      exchange.setAttempt(1);
      exchange.setTarget(new Target("nobody", "m"));
      exchange.setFrames(List.of(new Frame("t.stage.home.replies", "k", List.of())));
      home.pipe("t.stage.content-cache.requests", "k", exchange);
      assertThat(home.dispatched()).isEmpty();
      assertThat(home.deadLetters()).isEmpty();
      assertThat(calls).isEmpty();
    }
  }

  @Test
  void shouldHoldAReplyThatComesBeforeItsRequest() {
    try (HomeDriver home = driver(PreHookResult::proceed);
        HomeDriver before =
            new HomeDriver(stateDir.resolve("before"), hooks(PreHookResult::proceed))) {
      before.request(accepted("r1", "one/small"));
      Exchange dispatched = before.dispatched().getFirst();
      calls.clear();
      home.reply(answered(dispatched, "early"));
      assertThat(calls).isEmpty();
      home.request(accepted("r1", "one/small"));
      assertThat(textOf(home.results().getFirst().getOutcome())).isEqualTo("early");
      assertThat(home.dispatched()).isEmpty();
      assertThat(CountingHook.names(calls)).hasSize(6);
    }
  }

  @Test
  void shouldRunThePostHooksOfEveryGroupOnceWhenTheDeadlinePasses() {
    try (HomeDriver home = driver(PreHookResult::proceed)) {
      home.request(accepted("r1", "one/small"));
      Exchange dispatched = home.dispatched().getFirst();
      home.advance(Exchanges.TIMEOUT.plusSeconds(1));
      assertThat(home.results())
          .singleElement()
          .satisfies(
              result -> assertThat(codeOf(result.getOutcome())).isEqualTo("deadline_exceeded"));
      home.reply(answered(dispatched, "late"));
      home.advance(Duration.ofMinutes(1));
      assertThat(home.results()).isEmpty();
      assertThat(CountingHook.names(calls)).hasSize(6).containsAll(UP);
    }
  }

  @Test
  void shouldPassEveryGroupAgainWhenAFallbackIsTried() {
    try (HomeDriver home = driver(PreHookResult::proceed)) {
      home.request(accepted("r1", "one/small", "two/big"));
      home.reply(failed(home.dispatched().getFirst(), ErrorCode.UPSTREAM_ERROR));
      Exchange second = home.dispatched().getFirst();
      assertThat(second.getAttempt()).isEqualTo(2);
      assertThat(second.getFrames().getLast().getScopeKey()).isEqualTo("two");
      home.reply(answered(second, "second"));
      assertThat(textOf(home.results().getFirst().getOutcome())).isEqualTo("second");
      assertThat(CountingHook.names(calls)).hasSize(12).endsWith(UP.toArray(String[]::new));
      assertThat(calls)
          .filteredOn(call -> call.hook().equals("quota"))
          .as("each provider's state is its own")
          .extracting(Call::count)
          .containsOnly(1);
    }
  }

  @Test
  void shouldTakeAnEarlyReplyToASecondAttemptForEarlyAndNotForLate() {
    try (HomeDriver home = driver(PreHookResult::proceed)) {
      home.request(accepted("r1", "one/small", "one/other"));
      Exchange first = home.dispatched().getFirst();
      Exchange early = answered(first, "early");
      early.setAttempt(2);
      home.reply(early);
      home.reply(failed(first, ErrorCode.UPSTREAM_ERROR));
      assertThat(home.dispatched()).isEmpty();
      assertThat(textOf(home.results().getFirst().getOutcome())).isEqualTo("early");
    }
  }

  @Test
  void shouldParkInAGroupBeyondHomeAndGoOn() {
    BiFunction<CompletionRequest, HookContext, PreHookResult> defersOnce =
        (request, context) -> {
          boolean waited = context.attribute("waited").isPresent();
          context.setAttribute("waited", "yes");
          return waited
              ? PreHookResult.proceed(request)
              : PreHookResult.defer(Duration.ofSeconds(5));
        };
    try (HomeDriver home = driver(defersOnce)) {
      home.request(accepted("r1", "one/small"));
      assertThat(home.dispatched()).isEmpty();
      home.advance(Duration.ofSeconds(6));
      home.reply(answered(home.dispatched().getFirst(), "yes"));
      assertThat(home.results()).hasSize(1);
      assertThat(CountingHook.names(calls)).endsWith(UP.toArray(String[]::new)).hasSize(7);
    }
  }

  @Test
  void shouldFailAtTheHookAndGoOnWhenItsOwnKeyCannotBeTold() {
    CountingHook keyless =
        new CountingHook("keyless", Scope.OWN, calls) {
          @Override
          public String scopeKey(CompletionRequest request, RequestContext context) {
            throw new IllegalStateException("no idea");
          }
        };
    try (HomeDriver home = new HomeDriver(stateDir, keyless.active())) {
      home.request(accepted("r1", "one/small"));
      home.reply(answered(home.dispatched().getFirst(), "yes"));
      assertThat(home.results()).hasSize(1);
      assertThat(home.eventTypes()).contains("hook-error");
      assertThat(calls).isEmpty();
    }
  }

  private HomeDriver driver(Function<CompletionRequest, PreHookResult> cache) {
    return driver((request, context) -> cache.apply(request));
  }

  private HomeDriver driver(BiFunction<CompletionRequest, HookContext, PreHookResult> cache) {
    return new HomeDriver(stateDir, hooks(cache));
  }

  private ActiveHook[] hooks(Function<CompletionRequest, PreHookResult> cache) {
    return hooks((request, context) -> cache.apply(request));
  }

  private ActiveHook[] hooks(BiFunction<CompletionRequest, HookContext, PreHookResult> cache) {
    return new ActiveHook[] {
      new CountingHook("auth", Scope.TENANT, calls).active(),
      new CountingHook("cache", Scope.CONTENT, calls, cache).active(),
      new CountingHook("quota", Scope.PROVIDER, calls).active()
    };
  }
}
