package io.millrace.stages.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.Target;
import io.millrace.schemas.avro.HealthState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which target and which fallbacks a request gets by its words and the configuration. */
class RouterTest extends RouterFixture {

  @Test
  void shouldNotDecideWhereThereIsNothingToDecide() {
    assertThat(router().undisputed("b/m", List.of())).isEqualTo(B);
    assertThat(router().undisputed("m", List.of())).isNull();
    assertThat(router().undisputed("b/m", List.of("a/m"))).isNull();
    RouteDecision decision = decide("b/m");
    assertThat(decision.target()).isEqualTo(B);
    assertThat(decision.chosen()).isFalse();
    assertThat(decide("x/y").target()).isNull();
  }

  @Test
  void shouldLeaveOutWhatAnOperatorHasBlockedWhereThereIsAChoice() {
    blocked.add("a");
    assertThat(decide("m").target()).isEqualTo(B);
    assertThat(decide("m").fallbacks()).containsExactly(C);
    blocked.addAll(List.of("b", "c"));
    assertThat(decide("m").target()).isEqualTo(A);
  }

  @Test
  void shouldMakeFallbacksOfTheOtherCandidates() {
    for (String model : List.of("m", "auto")) {
      RouteDecision decision = decide(model);
      assertThat(decision.target()).isEqualTo(A);
      assertThat(decision.fallbacks()).containsExactly(B, C);
      assertThat(decision.reasons()).isEqualTo("priority of 3 candidates; a/m: priority 100");
    }
    RouteDecision alias = decide("two");
    assertThat(alias.target()).isEqualTo(C);
    assertThat(alias.fallbacks()).containsExactly(A);
    assertThat(meters.get("millrace.route.chosen").tag("provider", "c").counter().count())
        .isEqualTo(1);
  }

  @Test
  void shouldTakeTheRequestsFallbacksThenTheConfigurations() {
    fallbacks.put("b/*", List.of("d/x"));
    fallbacks.put("*", List.of("c/m", "gone/x"));
    assertThat(decide("m", "c/m", "nobody/x").fallbacks())
        .containsExactly(C, new Target("nobody/x", ""));
    assertThat(decide("b/m").fallbacks()).containsExactly(new Target("d", "x"));
    assertThat(decide("a/m").fallbacks()).containsExactly(C, new Target("gone/x", ""));
  }

  @Test
  void shouldNotLetEverybodyGoToWhoLookedBest() {
    strategy = StrategySetting.of("score");
    health.with("a/m", HealthState.HEALTHY, 1, 1, 500, 1);
    health.with("b/m", HealthState.HEALTHY, 1, 1, 520, 1);
    health.with("c/m", HealthState.HEALTHY, 1, 1, 540, 1);
    Router router = router();
    Map<Target, Integer> counts = new HashMap<>();
    for (int i = 0; i < 300; i++) {
      Target target = router.decide(question("m", "r" + i)).target();
      counts.merge(target == null ? new Target("", "") : target, 1, Integer::sum);
    }
    assertThat(counts.values()).allMatch(count -> count > 60);
  }

  @Test
  void shouldAlwaysKeepItsPromises() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<String> names =
        List.of(
            "priority", "round_robin", "weighted", "least_latency", "least_cost", "score", "smart");
    for (int run = 0; run < 300; run++) {
      strategy = StrategySetting.of(names.get(random.nextInt(names.size())));
      models.clear();
      for (Target target : List.of(A, B, C)) {
        HealthState state = HealthState.values()[random.nextInt(4)];
        double share = state == HealthState.DOWN ? 0 : random.nextDouble();
        health.with(target.toString(), state, share, random.nextDouble(), random.nextInt(3_000), 1);
        if (random.nextBoolean()) {
          models.put(
              target, info(random.nextBoolean(), random.nextInt(4) == 0, 1 + random.nextInt(9)));
        }
      }
      RouteDecision decision = decide(random.nextBoolean() ? "auto" : "m");
      assertThat(decision.target()).isIn(A, B, C);
      assertThat(decision.fallbacks())
          .doesNotHaveDuplicates()
          .doesNotContain(decision.target())
          .hasSizeLessThanOrEqualTo(3);
      assertThat(decision.reasons()).isNotEmpty().hasSizeLessThanOrEqualTo(500);
    }
  }
}
