package io.millrace.stages.hooks.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.access.Caller;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.Operation;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.testing.InMemoryState;
import io.millrace.plugin.testing.TestContext;
import io.millrace.plugin.testing.TestEnvironment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BudgetHookTest {

  /** A cent for each token generated; the prompt is free. */
  private static final TokenPrice CENT = new TokenPrice(0, 10_000_000);

  private final InMemoryState state = new InMemoryState();
  private final TestEnvironment environment =
      new TestEnvironment()
          .withPrices(target -> target.provider().equals("free") ? TokenPrice.FREE : CENT);

  @Test
  void shouldReserveTheWorstCaseAndSettleTheCost() {
    Hook hook = hook(Map.of("period", "month", "limit_usd", "1.00"));
    TestContext first = context();
    hook.preHook(request(60), first);
    assertThat(show(hook)).contains("\"spent_usd\":\"0.00\",\"reserved_usd\":\"0.60\"");
    PipelineError error = refused(hook.preHook(request(41), context()));
    assertThat(error.code()).isEqualTo("budget_exhausted");
    assertThat(error.httpStatus()).isEqualTo(429);
    assertThat(error.mayFallBack()).isTrue();
    assertThat(error.retryAfter()).isEqualTo(Duration.ofDays(31));
    assertThat(error.message())
        .isEqualTo(
            "the month budget of tenant 'tenant' is 1.00 USD: 0.00 spent, 0.60 reserved by"
                + " requests under way, and this one may cost 0.41");
    end(hook, first, 200_000_000);
    assertThat(show(hook)).contains("\"spent_usd\":\"0.20\",\"reserved_usd\":\"0.00\"");
    assertThat(hook.preHook(request(80), context())).isInstanceOf(PreHookResult.Continue.class);
  }

  @Test
  void shouldLetFreeModelsPassWhenNothingIsLeft() {
    Hook hook = hook(Map.of("period", "day", "limit_usd", "0"));
    assertThat(hook.preHook(request(1), context())).isInstanceOf(PreHookResult.Fail.class);
    assertThat(hook.preHook(request(1), context().withTarget("free", "m")))
        .isInstanceOf(PreHookResult.Continue.class);
  }

  @Test
  void shouldFitTenantTeamAndKeyAtOnce() {
    Hook hook =
        hook(
            Map.of("period", "day", "limit_usd", "1.00"),
            Map.of("team", "red", "period", "day", "limit_usd", "0.50"),
            Map.of("key", "k1", "period", "day", "limit_usd", "0.30"));
    assertThat(hook.preHook(request(31), by("k1", "red"))).isInstanceOf(PreHookResult.Fail.class);
    assertThat(hook.preHook(request(30), by("k1", "red"))).isNotInstanceOf(FAIL);
    assertThat(hook.preHook(request(21), by("k2", "red"))).isInstanceOf(PreHookResult.Fail.class);
    assertThat(hook.preHook(request(20), by("k2", "red"))).isNotInstanceOf(FAIL);
    assertThat(hook.preHook(request(51), by("k3", "blue"))).isInstanceOf(FAIL);
    assertThat(hook.preHook(request(50), by("k3", "blue"))).isNotInstanceOf(FAIL);
    assertThat(hook.preHook(request(1), context())).isInstanceOf(FAIL);
  }

  @Test
  void shouldTakeTheFirstThatMatchesOfOneLevelAndPeriod() {
    Hook hook =
        hook(
            Map.of("key", "vip", "period", "day", "limit_usd", "10"),
            Map.of("key", "*", "period", "day", "limit_usd", "0.10"));
    assertThat(hook.preHook(request(900), by("vip", null))).isNotInstanceOf(FAIL);
    assertThat(hook.preHook(request(11), by("other", null))).isInstanceOf(FAIL);
  }

  @Test
  void shouldSettleInThePeriodInWhichItReserved() {
    Hook hook = hook(Map.of("period", "day", "limit_usd", "1.00"));
    TestContext late = context();
    hook.preHook(request(100), late);
    TestContext tomorrow = context().advance(Duration.ofDays(1));
    assertThat(hook.preHook(request(100), tomorrow)).isNotInstanceOf(FAIL);
    late.advance(Duration.ofDays(1));
    end(hook, late, 900_000_000);
    assertThat(show(hook))
        .contains("\"period\":\"2026-01-01\",\"limit_usd\":\"1.00\",\"spent_usd\":\"0.90\"")
        .contains("\"period\":\"2026-01-02\",\"limit_usd\":\"1.00\",\"spent_usd\":\"0.00\"");
  }

  @Test
  void shouldWarnOnceAndTellOnceThatItIsExhausted() {
    Hook hook = hook(Map.of("period", "day", "limit_usd", "1.00", "warn_at", 0.5));
    assertThat(spend(hook, 49).events()).isEmpty();
    assertThat(spend(hook, 1).events())
        .extracting(TestContext.RecordedEvent::type)
        .containsExactly("budget-warning");
    assertThat(spend(hook, 10).events()).isEmpty();
    TestContext refused = context();
    hook.preHook(request(41), refused);
    assertThat(refused.events().getFirst().type()).isEqualTo("budget-exhausted");
    assertThat(refused.events().getFirst().attributes())
        .containsEntry("budget", "tenant-day")
        .containsEntry("owner", "tenant")
        .containsEntry("spent_usd", "0.60");
    TestContext again = context();
    hook.preHook(request(41), again);
    assertThat(again.events()).isEmpty();
    assertThat(environment.count("millrace.budget.refused")).isEqualTo(2);
    assertThat(environment.count("millrace.budget.spent")).isEqualTo(600_000_000);
  }

  @Test
  void shouldLeaveTheRestToPeopleWhenNobodyWaitsForTheRequest() {
    Hook hook = hook(Map.of("period", "day", "limit_usd", "1.00"));
    assertThat(hook.preHook(request(81), context().inBackground())).isInstanceOf(FAIL);
    assertThat(hook.preHook(request(80), context().inBackground())).isNotInstanceOf(FAIL);
    assertThat(hook.preHook(request(20), context())).isNotInstanceOf(FAIL);
  }

  @Test
  void shouldChargeWhatNobodyKnowsWhenToldTo() {
    Hook hook =
        new BudgetHookFactory()
            .create(
                Map.of(
                    "charge_unknown",
                    true,
                    "budgets",
                    List.of(Map.of("period", "day", "limit_usd", "1.00"))),
                environment.environment());
    TestContext lost = context();
    hook.preHook(request(30), lost);
    hook.postHook(ErrorCode.DEADLINE_EXCEEDED.error("late"), lost);
    assertThat(show(hook)).contains("\"spent_usd\":\"0.30\"");
    TestContext unsent = context();
    hook.preHook(request(30), unsent);
    hook.postHook(ErrorCode.RATE_LIMITED.error("elsewhere"), unsent.withoutProvider());
    assertThat(show(hook)).contains("\"spent_usd\":\"0.30\",\"reserved_usd\":\"0.00\"");
  }

  @Test
  void shouldBoundTheRequestWhenToldTo() {
    Hook hook =
        new BudgetHookFactory()
            .create(
                Map.of(
                    "set_max_tokens",
                    true,
                    "default_max_tokens",
                    50,
                    "budgets",
                    List.of(Map.of("period", "day", "limit_usd", "1.00"))),
                environment.environment());
    CompletionRequest unbounded = CompletionRequest.of("m", "Why?");
    PreHookResult result = hook.preHook(unbounded, context());
    assertThat(((PreHookResult.Continue) result).request().maxTokens()).isEqualTo(50);
    assertThat(show(hook)).contains("\"reserved_usd\":\"0.50\"");
    assertThat(hook.preHook(request(9), context())).isEqualTo(PreHookResult.proceed(request(9)));
  }

  @Test
  void shouldNotOverflowWhenARequestAsksForTheWorld() {
    Hook hook = hook(Map.of("period", "total", "limit_usd", "1000000000"));
    CompletionRequest world =
        new CompletionRequest(
            "m",
            request(1).messages(),
            List.of(),
            null,
            null,
            null,
            null,
            Integer.MAX_VALUE,
            List.of(),
            null,
            false,
            Map.of("n", "1000"));
    PipelineError error = refused(hook.preHook(world, context()));
    assertThat(error.retryAfter()).isNull();
    assertThat(show(hook)).contains("\"budgets\":[]");
  }

  @Test
  void shouldForgetAndReleaseWhenAnOperatorSaysSo() {
    Hook hook = hook(Map.of("period", "total", "limit_usd", "1.00"));
    spend(hook, 40);
    hook.preHook(request(60), context());
    assertThat(hook.operate(new Operation("reset", Map.of("budget", "tenant-total")), context()))
        .isEqualTo("{\"reset\":1}");
    assertThat(hook.preHook(request(41), context())).isInstanceOf(FAIL);
    assertThat(hook.operate(Operation.of("release"), context())).isEqualTo("{\"release\":1}");
    assertThat(hook.preHook(request(100), context())).isNotInstanceOf(FAIL);
    assertThatThrownBy(() -> hook.operate(Operation.of("dance"), context()))
        .hasMessage("no operation 'dance'; there are show, reset and release");
    assertThatThrownBy(() -> hook.operate(new Operation("show", Map.of("budget", "x")), context()))
        .hasMessage("no budget 'x'; there are [tenant-total]");
  }

  @Test
  void shouldNotKeepPeriodsThatAreLongOver() {
    Hook hook = hook(Map.of("key", "*", "period", "day", "limit_usd", "1.00"));
    for (int day = 0; day < 500; day++) {
      for (int key = 0; key < 3; key++) {
        hook.preHook(request(1), by("k" + key, null).advance(Duration.ofDays(day)));
      }
    }
    assertThat(state.size()).isLessThan(20);
  }

  @Test
  void shouldNameTheKeyWhenTheConfigurationIsWrong() {
    assertWrong(
        Map.of("limit_usd", "1"), "budgets[0].period is missing; it must be one of day, month");
    assertWrong(
        Map.of("period", "day", "limit_usd", "-1"), "budgets[0].limit_usd must be dollars, such");
    assertWrong(
        Map.of("period", "day", "limit_usd", "1000000001"),
        "budgets[0].limit_usd must be dollars, such");
    assertWrong(
        Map.of("period", "week", "limit_usd", "1"), "budgets[0].period must be one of day, month");
    assertWrong(
        Map.of("period", "day", "limit_usd", "1", "warn_at", 2),
        "budgets[0].warn_at must be a number from 0 to 1");
  }

  @Test
  void shouldTakeANumberForWhatItSays() {
    Map.<Object, Long>of(0.01, 10_000_000L, 5, 5_000_000_000L, 1e9, Usd.MAX_NANOS, 1e-9, 1L)
        .forEach(
            (dollars, nanos) ->
                assertThat(limitOf(Map.of("period", "day", "limit_usd", dollars)))
                    .isEqualTo(nanos));
    assertWrong(
        Map.of("period", "day", "limit_usd", 1e-10), "budgets[0].limit_usd must be dollars, such");
    assertWrong(
        Map.of("period", "day", "limit_usd", -0.5), "budgets[0].limit_usd must be dollars, such");
    assertWrong(
        Map.of("period", "day", "limit_usd", Double.NaN),
        "budgets[0].limit_usd must be dollars, such");
  }

  private static long limitOf(Map<String, Object> budget) {
    return BudgetConfig.read(Map.of("budgets", List.of(budget))).budgets().getFirst().limitNanos();
  }

  private void assertWrong(Map<String, Object> budget, String message) {
    assertThatThrownBy(() -> hook(budget))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  private static final Class<PreHookResult.Fail> FAIL = PreHookResult.Fail.class;

  private TestContext spend(Hook hook, int cents) {
    TestContext context = context();
    hook.preHook(request(cents), context);
    end(hook, context, cents * 10_000_000L);
    return context;
  }

  private static void end(Hook hook, TestContext context, long costNanos) {
    Outcome answer = Completion.ofText("c", "m", 1, "So.", Usage.of(1, 1));
    assertThat(hook.postHook(answer, context.withCostNanos(costNanos))).isSameAs(answer);
  }

  private static PipelineError refused(PreHookResult result) {
    assertThat(result).isInstanceOf(FAIL);
    return ((PreHookResult.Fail) result).error();
  }

  private String show(Hook hook) {
    return hook.operate(Operation.of("show"), context());
  }

  private TestContext context() {
    return new TestContext().withState(state);
  }

  private TestContext by(String key, @Nullable String team) {
    return context().withCaller(Caller.ofKey(key, team));
  }

  private static CompletionRequest request(int maxTokens) {
    return CompletionRequest.of("m", "Why?").withMaxTokens(maxTokens);
  }

  @SafeVarargs
  private Hook hook(Map<String, Object>... budgets) {
    return new BudgetHookFactory()
        .create(Map.of("budgets", List.of(budgets)), environment.environment());
  }
}
