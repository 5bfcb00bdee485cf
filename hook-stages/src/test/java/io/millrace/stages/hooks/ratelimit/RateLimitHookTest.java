package io.millrace.stages.hooks.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.access.Caller;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.Operation;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.testing.InMemoryState;
import io.millrace.plugin.testing.TestContext;
import io.millrace.plugin.testing.TestEnvironment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RateLimitHookTest {

  private static final CompletionRequest REQUEST = CompletionRequest.of("m", "Why is it so?");

  private final InMemoryState state = new InMemoryState();
  private final TestEnvironment environment = new TestEnvironment();
  private int requests;

  @Test
  void shouldRefuseWhenTheLimitIsReached() {
    Hook hook = hook(Map.of("limit", 2, "algorithm", "sliding_window"));
    assertThat(hook.preHook(REQUEST, context())).isInstanceOf(PreHookResult.Continue.class);
    assertThat(hook.preHook(REQUEST, context())).isInstanceOf(PreHookResult.Continue.class);
    TestContext third = context();
    PipelineError error = refused(hook.preHook(REQUEST, third));
    assertThat(error.code()).isEqualTo("rate_limited");
    assertThat(error.httpStatus()).isEqualTo(429);
    assertThat(error.retryAfter()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(62));
    assertThat(error.mayFallBack()).isTrue();
    assertThat(error.message())
        .startsWith("limit 'requests-per-1m' (2 requests per 1m, for all) is reached");
    assertThat(third.responseHeaders())
        .containsEntry("x-ratelimit-limit-requests", "2")
        .containsEntry("x-ratelimit-remaining-requests", "0")
        .containsKey("x-ratelimit-reset-requests");
    assertThat(environment.count("millrace.rate.limit.decisions")).isEqualTo(3);
  }

  @Test
  void shouldCountEachCombinationByItself() {
    Hook hook = hook(Map.of("limit", 1, "by", List.of("key", "model")));
    assertThat(hook.preHook(REQUEST, byKey("a").withTarget("p", "m1"))).isNotInstanceOf(FAIL);
    assertThat(hook.preHook(REQUEST, byKey("a").withTarget("p", "m2"))).isNotInstanceOf(FAIL);
    assertThat(hook.preHook(REQUEST, byKey("b").withTarget("p", "m1"))).isNotInstanceOf(FAIL);
    assertThat(hook.preHook(REQUEST, byKey("a").withTarget("p", "m1"))).isInstanceOf(FAIL);
    assertThat(hook.preHook(REQUEST, context().withTarget("p", "m1"))).isNotInstanceOf(FAIL);
  }

  @Test
  void shouldTakeFromAllLimitsOrFromNone() {
    Hook hook =
        hook(
            Map.of("limit", 10, "name", "wide"),
            Map.of("limit", 1, "name", "narrow", "by", List.of("key")));
    hook.preHook(REQUEST, byKey("a"));
    hook.preHook(REQUEST, byKey("a"));
    hook.preHook(REQUEST, byKey("a"));
    assertThat(show(hook)).contains("\"limit\":\"wide\",\"of\":\"\",\"unit\":\"requests\"");
    assertThat(show(hook)).contains("\"capacity\":10,\"used\":1,");
  }

  @Test
  void shouldGiveBackWhatFailedOrWasNotSent() {
    Hook hook = hook(Map.of("limit", 1, "algorithm", "sliding_window"));
    TestContext failed = context();
    hook.preHook(REQUEST, failed);
    hook.postHook(ErrorCode.UPSTREAM_ERROR.error("down"), failed);
    TestContext cached = context();
    assertThat(hook.preHook(REQUEST, cached)).isNotInstanceOf(FAIL);
    hook.postHook(completion(100), cached.withoutProvider());
    TestContext answered = context();
    assertThat(hook.preHook(REQUEST, answered)).isNotInstanceOf(FAIL);
    hook.postHook(completion(100), answered);
    assertThat(hook.preHook(REQUEST, context())).isInstanceOf(FAIL);
  }

  @Test
  void shouldCorrectTokensByWhatWasUsed() {
    Hook hook = hook(Map.of("limit", 1_000, "unit", "tokens", "algorithm", "sliding_window"));
    TestContext context = context();
    hook.preHook(withMaxTokens(900), context);
    assertThat(context.responseHeaders().get("x-ratelimit-remaining-tokens"))
        .matches("8\\d|9[0-8]");
    hook.postHook(completion(150), context);
    assertThat(show(hook)).contains("\"used\":150,");
    TestContext greedy = context();
    hook.preHook(withMaxTokens(10), greedy);
    hook.postHook(completion(2_000), greedy);
    assertThat(show(hook)).contains("\"used\":2150,");
    assertThat(hook.preHook(withMaxTokens(1), context())).isInstanceOf(FAIL);
  }

  @Test
  void shouldKeepTheEstimateWhenTheProviderDoesNotTell() {
    Hook hook = hook(Map.of("limit", 1_000, "unit", "tokens", "algorithm", "sliding_window"));
    TestContext context = context();
    hook.preHook(withMaxTokens(500), context);
    hook.postHook(completion(0), context);
    assertThat(show(hook)).containsPattern("\"used\":5[0-9]{2},");
  }

  @Test
  void shouldSayWhatIsWrongWhenARequestCanNeverFit() {
    Hook hook = hook(Map.of("limit", 100, "unit", "tokens", "on_limit", "wait"));
    PipelineError error = refused(hook.preHook(withMaxTokens(500), context()));
    assertThat(error.code()).isEqualTo("request_over_limit");
    assertThat(error.httpStatus()).isEqualTo(413);
    assertThat(error.mayFallBack()).isTrue();
    assertThat(error.retryAfter()).isNull();
    assertThat(error.message()).contains("never allows more than 100 at once");
    // What it did not ask for does not make it impossible.
    assertThat(hook.preHook(REQUEST, context())).isInstanceOf(PreHookResult.Continue.class);
  }

  @Test
  void shouldHaveRequestsWaitInTheOrderTheyCame() {
    Hook hook = hook(Map.of("limit", 60, "burst", 1, "on_limit", "wait"));
    hook.preHook(REQUEST, context());
    TestContext first = context();
    TestContext second = context();
    assertThat(hook.preHook(REQUEST, first)).isEqualTo(deferred(1_000));
    assertThat(hook.preHook(REQUEST, second)).isEqualTo(deferred(1_000));
    first.advance(Duration.ofSeconds(1));
    second.advance(Duration.ofSeconds(1));
    // Neither who comes later nor who comes new goes before the first.
    assertThat(hook.preHook(REQUEST, second)).isInstanceOf(PreHookResult.Defer.class);
    assertThat(hook.preHook(REQUEST, context().advance(Duration.ofSeconds(1))))
        .isInstanceOf(PreHookResult.Defer.class);
    assertThat(hook.preHook(REQUEST, first)).isInstanceOf(PreHookResult.Continue.class);
    second.advance(Duration.ofSeconds(1));
    assertThat(hook.preHook(REQUEST, second)).isInstanceOf(PreHookResult.Continue.class);
    assertThat(environment.count("millrace.rate.limit.wait")).isEqualTo(2);
  }

  @Test
  void shouldRefuseAtOnceWhenItsTurnWouldComeTooLate() {
    Hook hook = hook(Map.of("limit", 1, "on_limit", "wait"));
    hook.preHook(REQUEST, context());
    PipelineError error =
        refused(hook.preHook(REQUEST, context().withTimeout(Duration.ofSeconds(60))));
    assertThat(error.retryAfter()).isEqualTo(Duration.ofSeconds(60));
    assertThat(hook.preHook(REQUEST, context().withTimeout(Duration.ofSeconds(61))))
        .isInstanceOf(PreHookResult.Defer.class);
  }

  @Test
  void shouldNotBeHeldUpByOneThatNeverComesBack() {
    Hook hook = hook(Map.of("limit", 60, "burst", 1, "on_limit", "wait"));
    hook.preHook(REQUEST, context());
    hook.preHook(REQUEST, context());
    TestContext second = context();
    hook.preHook(REQUEST, second);
    second.advance(Duration.ofSeconds(3));
    assertThat(hook.preHook(REQUEST, second)).isInstanceOf(PreHookResult.Defer.class);
    second.advance(WaitingLine.GRACE);
    assertThat(hook.preHook(REQUEST, second)).isInstanceOf(PreHookResult.Continue.class);
    assertThat(show(hook)).contains("\"waiting\":0");
  }

  @Test
  void shouldLeaveAReserveWhenNobodyWaitsForTheRequest() {
    Hook hook = hook(Map.of("limit", 10, "on_limit", "wait"));
    for (int i = 0; i < 8; i++) {
      assertThat(hook.preHook(REQUEST, context().inBackground())).isNotInstanceOf(FAIL);
    }
    assertThat(hook.preHook(REQUEST, context().inBackground())).isInstanceOf(FAIL);
    assertThat(hook.preHook(REQUEST, context())).isInstanceOf(PreHookResult.Continue.class);
    assertThat(hook.preHook(REQUEST, context())).isInstanceOf(PreHookResult.Continue.class);
    assertThat(hook.preHook(REQUEST, context().inBackground())).isInstanceOf(FAIL);
  }

  @Test
  void shouldMakeExceptionsAndLeaveOutWhomItIsNotFor() {
    Map<String, Object> limit =
        Map.of(
            "limit",
            1,
            "by",
            List.of("key"),
            "match",
            Map.of("key", "*"),
            "exceptions",
            List.of(Map.of("match", Map.of("key", "vip-*"), "limit", 3)));
    Hook hook = hook(limit);
    hook.preHook(REQUEST, byKey("vip-1"));
    hook.preHook(REQUEST, byKey("vip-1"));
    assertThat(hook.preHook(REQUEST, byKey("vip-1"))).isNotInstanceOf(FAIL);
    assertThat(hook.preHook(REQUEST, byKey("vip-1"))).isInstanceOf(FAIL);
    hook.preHook(REQUEST, byKey("other"));
    assertThat(hook.preHook(REQUEST, byKey("other"))).isInstanceOf(FAIL);
    hook.preHook(REQUEST, context());
    assertThat(hook.preHook(REQUEST, context())).isNotInstanceOf(FAIL);
  }

  @Test
  void shouldForgetWhenAnOperatorSaysSo() {
    Hook hook = hook(Map.of("limit", 1, "name", "a"), Map.of("limit", 1, "name", "b"));
    hook.preHook(REQUEST, context());
    String reset = hook.operate(new Operation("reset", Map.of("limit", "a")), context());
    assertThat(reset).isEqualTo("{\"reset\":1}");
    assertThat(show(hook)).contains("\"limit\":\"b\"").doesNotContain("\"limit\":\"a\"");
    hook.operate(Operation.of("reset"), context());
    assertThat(hook.preHook(REQUEST, context())).isNotInstanceOf(FAIL);
    assertThatThrownBy(() -> hook.operate(Operation.of("dance"), context()))
        .hasMessage("no operation 'dance'; there are show and reset");
    assertThatThrownBy(() -> hook.operate(new Operation("show", Map.of("limit", "c")), context()))
        .hasMessage("no limit 'c'; there are [a, b]");
  }

  @Test
  void shouldNotKeepWhatSaysNothingAnyMore() {
    Hook hook = hook(Map.of("limit", 5, "by", List.of("model"), "per", "1s"));
    for (int i = 0; i < 2_000; i++) {
      TestContext context = context().advance(Duration.ofSeconds(i));
      hook.preHook(REQUEST, context.withTarget("p", "model-" + i));
    }
    assertThat(state.size()).isLessThan(100);
  }

  @Test
  void shouldNotPileUpThoseForWhomThereWasNoRoomToWait() {
    Hook hook = hook(Map.of("limit", 10, "per", "1s", "on_limit", "wait"));
    for (int i = 0; i < 20_000; i++) {
      TestContext context = context().withTimeout(Duration.ofHours(1));
      hook.preHook(REQUEST, context.advance(Duration.ofMillis(10L * i)));
    }
    assertThat(state.size()).isLessThan(3_000);
    TestContext later = context().withTimeout(Duration.ofHours(1)).advance(Duration.ofMinutes(9));
    assertThat(hook.preHook(REQUEST, later)).isInstanceOf(PreHookResult.Continue.class);
  }

  @Test
  void shouldNameTheKeyWhenTheConfigurationIsWrong() {
    assertWrong(Map.of("limit", 0), "limits[0].limit must be a whole number from 1");
    assertWrong(Map.of(), "limits[0].limit is missing; it must be a whole number from 1");
    assertWrong(Map.of("limit", 1, "per", "1w"), "limits[0].per must be a duration");
    assertWrong(Map.of("limit", 1, "by", List.of("moon")), "limits[0].by must be a list of [");
    assertWrong(Map.of("limit", 1, "burts", 1), "unknown keys [burts] in limits[0]; known: [algor");
    assertWrong(
        Map.of("limit", 1, "burst", 1, "algorithm", "fixed_window"),
        "limits[0].burst must be left out");
    assertThatThrownBy(() -> hook(Map.of("limit", 1), Map.of("limit", 2)))
        .hasMessageContaining("another limit is called 'requests-per-1m' too");
  }

  private void assertWrong(Map<String, Object> limit, String message) {
    assertThatThrownBy(() -> hook(limit))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  private static final Class<PreHookResult.Fail> FAIL = PreHookResult.Fail.class;

  private static PreHookResult deferred(long millis) {
    return PreHookResult.defer(Duration.ofMillis(millis));
  }

  private static PipelineError refused(PreHookResult result) {
    assertThat(result).isInstanceOf(FAIL);
    return ((PreHookResult.Fail) result).error();
  }

  private String show(Hook hook) {
    return hook.operate(Operation.of("show"), context());
  }

  private TestContext context() {
    return new TestContext().withState(state).withRequestId("r" + requests++);
  }

  private TestContext byKey(String key) {
    return context().withCaller(Caller.ofKey(key, null));
  }

  private static CompletionRequest withMaxTokens(int tokens) {
    return new CompletionRequest(
        "m",
        REQUEST.messages(),
        List.of(),
        null,
        null,
        null,
        null,
        tokens,
        List.of(),
        null,
        false,
        Map.of());
  }

  private static Completion completion(long tokens) {
    return Completion.ofText("c", "m", 1, "So.", Usage.of(tokens, 0));
  }

  @SafeVarargs
  private Hook hook(Map<String, Object>... limits) {
    Hook hook =
        new RateLimitHookFactory()
            .create(Map.of("limits", List.of(limits)), environment.environment());
    try {
      hook.initialize();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return hook;
  }
}
