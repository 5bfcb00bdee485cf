package io.millrace.stages.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.routing.Candidate;
import io.millrace.plugin.routing.RoutingStrategy;
import io.millrace.plugin.routing.RoutingStrategyFactory;
import io.millrace.plugin.testing.TestEnvironment;
import io.millrace.schemas.avro.HealthState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which strategy ranks, how often it is made, and what stands in for one that fails. */
class RouterStrategiesTest extends RouterFixture {

  @Test
  void shouldStandInForAStrategyThatFails() {
    List<RoutingStrategy> broken =
        List.of(
            (asked, candidates, context) -> {
              throw new IllegalStateException("broken");
            },
            (asked, candidates, context) -> List.of(),
            (asked, candidates, context) -> List.of(new Target("no", "candidate")),
            (asked, candidates, context) -> {
              throw new StackOverflowError();
            });
    for (RoutingStrategy each : broken) {
      strategy = new StrategySetting("broken", factory(each), Map.of());
      assertThat(decide("m").target()).isEqualTo(A);
    }
    assertThat(meters.get("millrace.route.strategy.errors").counter().count()).isEqualTo(4);
  }

  @Test
  void shouldKeepAnEventOfAStrategyWithinBounds() {
    RouteContext context = (RouteContext) question("m", "r").context();
    for (int i = 0; i < 10; i++) {
      context.emit("mine", Map.of("a", "b"));
    }
    assertThat(context.emitted()).hasSize(4);
    assertThatThrownBy(() -> context.emit("mine", Map.of("a", "b".repeat(501))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(context::state).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void shouldRankAnAliasByItsOwnStrategy() {
    health.with("a/m", HealthState.HEALTHY, 1, 1, 900, 0);
    health.with("c/m", HealthState.HEALTHY, 1, 1, 100, 0);
    RoutingPolicy policy =
        new RoutingPolicy(
            strategy,
            models,
            Map.of(),
            fallbacks,
            3,
            Map.of("quick", StrategySetting.of("least_latency")));
    Map<String, List<String>> aliases =
        Map.of("quick", List.of("a/m", "c/m"), "plain", List.of("a/m", "c/m"));
    Map<String, List<String>> providers = new LinkedHashMap<>();
    List.of("a", "b", "c").forEach(name -> providers.put(name, List.of("m")));
    try (Router router = router(new Routing(providers, "a", aliases, policy), Map.of())) {
      RouteDecision quick = router.decide(question("quick", "r1"));
      assertThat(quick.target()).isEqualTo(C);
      assertThat(quick.strategy()).isEqualTo("least_latency");
      RouteDecision plain = router.decide(question("plain", "r1"));
      assertThat(plain.target()).isEqualTo(A);
      assertThat(plain.strategy()).isEqualTo("priority");
      assertThat(router.explain(question("quick", "r1")).strategy()).isEqualTo("least_latency");
    }
  }

  @Test
  void shouldCreateAPluginsStrategyOnceWhoeverNamesIt() {
    List<String> life = new ArrayList<>();
    RoutingStrategyFactory counted = factory(new Living(life));
    RoutingPolicy policy =
        new RoutingPolicy(
            new StrategySetting("own", counted, Map.of("x", 1)),
            models,
            Map.of(),
            fallbacks,
            3,
            Map.of(
                "one",
                new StrategySetting("own", counted, Map.of("x", 1)),
                "two",
                StrategySetting.of("score")));
    Rankings rankings =
        Rankings.create(
            policy,
            name -> {
              life.add("create " + name);
              return new TestEnvironment().environment();
            },
            new RouteMeters(meters, Set.of()));
    assertThat(rankings.of("one")).isSameAs(rankings.of("any"));
    assertThat(rankings.of("two").name()).isEqualTo("score");
    rankings.close();
    assertThat(life).containsExactlyInAnyOrder("create own", "create score", "close");
  }

  private record Living(List<String> life) implements RoutingStrategy {
    @Override
    public List<Target> rank(
        CompletionRequest asked, List<Candidate> candidates, RequestContext context) {
      return candidates.stream().map(Candidate::target).toList();
    }

    @Override
    public void close() {
      life.add("close");
    }
  }

  private static RoutingStrategyFactory factory(RoutingStrategy strategy) {
    return new RoutingStrategyFactory() {
      @Override
      public String name() {
        return "broken";
      }

      @Override
      public String description() {
        return "For tests.";
      }

      @Override
      public RoutingStrategy create(Map<String, Object> config, HookEnvironment environment) {
        return strategy;
      }
    };
  }
}
