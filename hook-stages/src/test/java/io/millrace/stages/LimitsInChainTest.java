package io.millrace.stages;

import static io.millrace.stages.Exchanges.accepted;
import static io.millrace.stages.Exchanges.answered;
import static io.millrace.stages.Exchanges.codeOf;
import static io.millrace.stages.Exchanges.failed;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.testing.TestEnvironment;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.PipelineError;
import io.millrace.stages.hooks.budget.BudgetHookFactory;
import io.millrace.stages.hooks.ratelimit.RateLimitHookFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The hooks for limits and budgets in the home stage, with what else happens to exchanges there.
 */
class LimitsInChainTest {

  @TempDir Path stateDir;

  private final TestEnvironment environment =
      new TestEnvironment()
          .withPrices(
              target -> target.provider().equals("two") ? TokenPrice.FREE : new TokenPrice(0, 1));

  @Test
  void shouldTakeTheFallbackWhenTheLimitOfAProviderIsReached() {
    try (HomeDriver home = home(limits(Map.of("limit", 1, "match", Map.of("provider", "one"))))) {
      home.request(accepted("r1", "one/small", "two/big"));
      home.request(accepted("r2", "one/small", "two/big"));
      assertThat(home.dispatched())
          .extracting(exchange -> exchange.getTarget().getProvider())
          .containsExactly("one", "two");
      home.request(accepted("r3", "one/small"));
      CompletionResult refused = home.results().getFirst();
      assertThat(codeOf(refused.getOutcome())).isEqualTo("rate_limited");
      assertThat(refused.getResponseHeaders()).containsEntry("x-ratelimit-remaining-requests", "0");
    }
  }

  @Test
  void shouldSendThoseWhoWaitInTheirTurnAlsoAfterARestart() {
    ActiveHook waiting = limits(Map.of("limit", 60, "burst", 1, "on_limit", "wait"));
    HomeDriver home = home(waiting);
    for (int i = 0; i < 5; i++) {
      home.request(accepted("r" + i, "one/small"));
    }
    assertThat(ids(home.dispatched())).containsExactly("r0");
    home.advance(Duration.ofMillis(1_100));
    assertThat(ids(home.dispatched())).containsExactly("r1");
    try (HomeDriver restarted =
        home.restart(limits(Map.of("limit", 60, "burst", 1, "on_limit", "wait")))) {
      restarted.request(accepted("r5", "one/small"));
      for (String next : List.of("r2", "r3", "r4", "r5")) {
        assertThat(restarted.dispatched()).isEmpty();
        restarted.advance(Duration.ofMillis(500));
        restarted.advance(Duration.ofMillis(600));
        assertThat(ids(restarted.dispatched())).containsExactly(next);
      }
    }
  }

  @Test
  void shouldRefuseOneThatWaitsAsSoonAsItCannotBeInTime() {
    try (HomeDriver home =
        home(limits(Map.of("limit", 1_000, "unit", "tokens", "on_limit", "wait", "burst", 600)))) {
      home.request(accepted("r1", "one/small"));
      home.request(accepted("r2", "one/small"));
      Exchange first = home.dispatched().getFirst();
      // It has used so much more than was thought that the other's turn comes after its deadline.
      Exchange reply = answered(first, "yes");
      ((io.millrace.schemas.avro.Completion) reply.getOutcome()).getUsage().setPromptTokens(5_000L);
      home.reply(reply);
      assertThat(home.results()).hasSize(1);
      home.advance(Duration.ofSeconds(1));
      home.advance(Duration.ofSeconds(1));
      CompletionResult refused = home.results().getFirst();
      assertThat(codeOf(refused.getOutcome())).isEqualTo("rate_limited");
      assertThat(((PipelineError) refused.getOutcome()).getRetryAfterMillis()).isPositive();
      assertThat(home.dispatched()).isEmpty();
    }
  }

  @Test
  void shouldNotHoldUpOthersWhenADeadlinePassesWhileWaiting() {
    try (HomeDriver home = home(limits(Map.of("limit", 60, "burst", 1, "on_limit", "wait")))) {
      home.request(accepted("r1", "one/small"));
      Exchange hasty = accepted("r2", "one/small");
      hasty.setDeadlineMillis(home.now().plusMillis(1_050).toEpochMilli());
      home.request(hasty);
      home.request(accepted("r3", "one/small"));
      assertThat(home.dispatched()).hasSize(1);
      // So late that the deadline has passed when its turn is due.
      home.advance(Duration.ofSeconds(2));
      home.advance(Duration.ofSeconds(1));
      assertThat(codeOf(home.results().getFirst().getOutcome())).isEqualTo("deadline_exceeded");
      home.advance(Duration.ofSeconds(1));
      assertThat(ids(home.dispatched())).endsWith("r3");
    }
  }

  @Test
  void shouldCountNothingThatALaterHookAnswers() {
    ActiveHook mock =
        HomeDriver.hook(
            "mock",
            new Hook() {
              @Override
              public PreHookResult preHook(CompletionRequest request, HookContext context) {
                return PreHookResult.respond(
                    Completion.ofText("c", "m", 1, "So.", Usage.of(100, 100)));
              }
            });
    try (HomeDriver home = home(limits(Map.of("limit", 1)), budget("0.000005"), mock)) {
      for (int i = 0; i < 10; i++) {
        home.request(accepted("r" + i, "one/small"));
      }
      assertThat(home.results())
          .hasSize(10)
          .noneMatch(result -> result.getOutcome() instanceof PipelineError);
    }
  }

  @Test
  void shouldHoldMoneyBackUntilTheCostIsKnown() {
    try (HomeDriver home = home(budget("0.000005"))) {
      home.request(accepted("r1", "one/small"));
      home.request(accepted("r2", "one/small", "two/big"));
      home.request(accepted("r3", "one/small"));
      List<Exchange> sent = home.dispatched();
      assertThat(sent)
          .extracting(exchange -> exchange.getTarget().getProvider())
          .containsExactly("one", "two");
      assertThat(codeOf(home.results().getFirst().getOutcome())).isEqualTo("budget_exhausted");
      assertThat(home.eventTypes()).containsOnlyOnce("budget-exhausted");
      home.reply(answered(sent.getFirst(), "yes"));
      home.request(accepted("r4", "one/small"));
      assertThat(ids(home.dispatched())).containsExactly("r4");
    }
  }

  @Test
  void shouldReserveAnewForEachAttempt() {
    try (HomeDriver home = home(budget("0.000005"))) {
      home.request(accepted("r1", "one/small", "one/other"));
      home.reply(failed(home.dispatched().getFirst(), ErrorCode.UPSTREAM_ERROR));
      Exchange second = home.dispatched().getFirst();
      assertThat(second.getAttempt()).isEqualTo(2);
      home.request(accepted("r2", "one/small"));
      assertThat(codeOf(home.results().getFirst().getOutcome())).isEqualTo("budget_exhausted");
      home.reply(answered(second, "yes"));
      home.request(accepted("r3", "one/small"));
      assertThat(ids(home.dispatched())).containsExactly("r3");
    }
  }

  @Test
  void shouldChargeOnlyTheLeaderWhenRequestsShareAnAnswer() {
    ActiveHook sharing =
        HomeDriver.hook(
            "sharing",
            new Hook() {
              @Override
              public PreHookResult preHook(CompletionRequest request, HookContext context) {
                return context.requestId().startsWith("same")
                    ? PreHookResult.join(request, "same")
                    : PreHookResult.proceed(request);
              }
            });
    // Room for two at their worst, and for one's cost beside them, but not for two's.
    try (HomeDriver home = home(budget("0.000008200"), sharing)) {
      home.request(accepted("same-1", "one/small"));
      home.request(accepted("same-2", "one/small"));
      List<Exchange> sent = home.dispatched();
      assertThat(sent).hasSize(1);
      home.reply(answered(sent.getFirst(), "yes"));
      assertThat(home.results()).hasSize(2);
      home.request(accepted("r3", "one/small"));
      home.request(accepted("r4", "one/small"));
      assertThat(ids(home.dispatched())).containsExactly("r3", "r4");
      home.request(accepted("r5", "one/small"));
      assertThat(codeOf(home.results().getFirst().getOutcome())).isEqualTo("budget_exhausted");
    }
  }

  private static List<String> ids(List<Exchange> exchanges) {
    return exchanges.stream().map(Exchange::getRequestId).toList();
  }

  private HomeDriver home(ActiveHook... hooks) {
    return new HomeDriver(stateDir.resolve("run"), hooks);
  }

  private ActiveHook limits(Map<String, Object> limit) {
    return hook(new RateLimitHookFactory(), Map.of("limits", List.of(limit)));
  }

  private ActiveHook budget(String usd) {
    return hook(
        new BudgetHookFactory(),
        Map.of("budgets", List.of(Map.of("period", "total", "limit_usd", usd))));
  }

  private ActiveHook hook(HookFactory factory, Map<String, Object> config) {
    return HomeDriver.hook(
        factory.descriptor(config), factory.create(config, environment.environment()));
  }
}
