package io.millrace.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.EventTypes;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.hook.RoutePlan;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCategory;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.routing.Candidate;
import io.millrace.plugin.routing.RoutingStrategy;
import io.millrace.plugin.routing.RoutingStrategyFactory;
import io.millrace.plugin.testing.TestContext;
import io.millrace.plugin.testing.TestEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A routing strategy in the chain. */
class RoutingHookTest {

  private static final Target A = new Target("a", "m");
  private static final Target B = new Target("b", "m");
  private static final Target C = new Target("c", "m");

  private final List<List<Candidate>> seen = new ArrayList<>();
  private final TestContext context = new TestContext();
  private List<Target> answer = List.of(B, A);

  @Test
  void shouldAimWhereTheStrategySays() {
    Hook hook = hook(Map.of());
    RoutePlan plan = hook.preRequest(plan("a/m", A, B), context);
    assertThat(plan.target()).isEqualTo(B);
    assertThat(plan.fallbacks()).containsExactly(A);
    assertThat(seen.getFirst()).containsExactly(Candidate.untried(A), Candidate.untried(B));
    assertThat(context.events())
        .containsExactly(
            new TestContext.RecordedEvent(EventTypes.ROUTE_SELECTED, Map.of("target", "b/m")));
  }

  @Test
  void shouldAddTheConfiguredTargetsWhenTheModelIsLeftOpen() {
    Hook hook = hook(Map.of("targets", List.of("b/m", "c/m")));
    answer = List.of(C);
    assertThat(hook.preRequest(plan("auto", A), context).target()).isEqualTo(C);
    assertThat(seen.getFirst()).extracting(Candidate::target).containsExactly(A, B, C);
    assertThat(hook.preRequest(plan("a/m", A), context).target()).isEqualTo(A);
    assertThat(seen).hasSize(1);
  }

  @Test
  void shouldTellHowTargetsHaveDone() {
    Hook hook = hook(Map.of());
    attempt(hook, "1", A, Duration.ofMillis(100), true);
    attempt(hook, "2", A, Duration.ofMillis(300), false);
    context.withRequestId("3").withAttempt(1).withTarget("b", "m");
    hook.preHook(CompletionRequest.of("b/m", "x"), context);
    hook.preRequest(plan("a/m", A, B), context);
    assertThat(seen.getFirst())
        .containsExactly(
            new Candidate(A, 0, 2, 0.5, Duration.ofMillis(200)),
            new Candidate(B, 1, 0, 1, Duration.ZERO));
    context.advance(Duration.ofMinutes(2));
    hook.preRequest(plan("a/m", A, B), context);
    assertThat(seen.getLast().getLast().inFlight()).isZero();
  }

  @Test
  void shouldForgetAllButTheLastFiveAttempts() {
    Hook hook = hook(Map.of());
    attempt(hook, "0", A, Duration.ofMillis(900), false);
    for (int i = 1; i <= 5; i++) {
      attempt(hook, "" + i, A, Duration.ofMillis(10), true);
    }
    hook.preRequest(plan("a/m", A, B), context);
    assertThat(seen.getFirst().getFirst())
        .isEqualTo(new Candidate(A, 0, 6, 1, Duration.ofMillis(10)));
  }

  @Test
  void shouldRefuseWhatIsNoCandidate() {
    Hook hook = hook(Map.of());
    for (List<Target> wrong : List.of(List.<Target>of(), List.of(C))) {
      answer = wrong;
      assertThatThrownBy(() -> hook.preRequest(plan("a/m", A, B), context))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a strategy ranks candidates only");
    }
  }

  private void attempt(Hook hook, String id, Target target, Duration latency, boolean success) {
    context.withRequestId(id).withAttempt(1).withTarget(target.provider(), target.model());
    hook.preHook(CompletionRequest.of("x", "x"), context);
    context.advance(latency);
    hook.postHook(
        success
            ? Completion.ofText("id", "m", 0, "x", Usage.of(1, 1))
            : new PipelineError("e", ErrorCategory.UPSTREAM, "e", 500, null, null, null),
        context);
  }

  private static RoutePlan plan(String model, Target target, Target... fallbacks) {
    return new RoutePlan(CompletionRequest.of(model, "x"), target, List.of(fallbacks));
  }

  private Hook hook(Map<String, Object> config) {
    HookFactory factory = ((EntryPoint.StrategyEntry) EntryPoint.of(new Strategies())).hook();
    String schema = factory.descriptor().configSchema();
    assertThat(PluginSettings.check("config", schema, config, java.util.Set.of()).faults())
        .isEmpty();
    return factory.create(config, new TestEnvironment().environment());
  }

  private final class Strategies implements RoutingStrategyFactory {
    @Override
    public String name() {
      return "fixed";
    }

    @Override
    public String description() {
      return "For tests.";
    }

    @Override
    public RoutingStrategy create(Map<String, Object> config, HookEnvironment environment) {
      assertThat(config).isEmpty();
      return (CompletionRequest request, List<Candidate> candidates, RequestContext at) -> {
        seen.add(candidates);
        return answer;
      };
    }
  }
}
