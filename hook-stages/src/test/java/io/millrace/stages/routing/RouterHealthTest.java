package io.millrace.stages.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.plugin.access.Caller;
import io.millrace.plugin.model.Target;
import io.millrace.schemas.avro.HealthState;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How health decides, and where it does not. */
class RouterHealthTest extends RouterFixture {

  @Test
  void shouldPassOverWhoIsDown() {
    health.with("a/m", HealthState.DOWN, 0);
    RouteDecision decision = decide("m");
    assertThat(decision.target()).isEqualTo(B);
    assertThat(decision.fallbacks()).containsExactly(C);
    assertThat(decision.reasons()).contains("a/m is down");
    assertThat(meters.get("millrace.route.excluded").tag("reason", "down").counter().count())
        .isEqualTo(1);
  }

  @Test
  void shouldNotKeepAnybodyOutByOldNews() {
    health.at(NOW.minusSeconds(16 * 60).toEpochMilli()).with("a/m", HealthState.DOWN, 0);
    assertThat(decide("m").target()).isEqualTo(A);
    health.at(NOW.minusSeconds(14 * 60).toEpochMilli()).with("a/m", HealthState.DOWN, 0);
    assertThat(decide("m").target()).isEqualTo(B);
  }

  @Test
  void shouldTryTheLeastBadWhenAllAreDown() {
    health.with("a/m", HealthState.DOWN, 0, 0.1, 1, 0);
    health.with("b/m", HealthState.DOWN, 0, 0.4, 1, 0);
    health.with("c/m", HealthState.RECOVERING, 0);
    RouteDecision decision = decide("m");
    assertThat(decision.target()).isEqualTo(C);
    assertThat(decision.fallbacks()).containsExactly(B, A);
  }

  @Test
  void shouldKeepAnExplicitTargetThatIsDownWhereNothingElseIsNamed() {
    health.with("a/m", HealthState.DOWN, 0);
    assertThat(decide("a/m").target()).isEqualTo(A);
    RouteDecision chain = decide("a/m", "b/m");
    assertThat(chain.target()).isEqualTo(B);
    assertThat(chain.fallbacks()).containsExactly(A);
    assertThat(chain.reasons()).isEqualTo("a/m is down");
    RouteDecision beyond = decide("a/m", "gone/x", "b/m");
    assertThat(beyond.target()).isEqualTo(B);
    assertThat(beyond.fallbacks()).containsExactly(A, new Target("gone/x", ""));
    assertThat(decide("a/m", "gone/x").target()).as("is better than nobody").isEqualTo(A);
  }

  @Test
  void shouldNotPutAFallbackThatWillBeSkippedBeforeTheNamedOneThatIsDown() {
    health.with("a/m", HealthState.DOWN, 0);
    blocked.add("b");
    assertThat(decide("a/m", "b/m").target()).isEqualTo(A);
    assertThat(decide("a/m", "b/m", "c/m").target()).isEqualTo(C);
    assertThat(decide("a/m", "b/m", "c/m").fallbacks()).containsExactly(A, B);
    blocked.clear();
    caller = new Caller(Caller.Kind.TOKEN, "t", null, null, Set.of("a/m", "c/*"), Set.of());
    assertThat(decide("a/m", "b/m").target()).isEqualTo(A);
    assertThat(decide("a/m", "b/m", "c/m").fallbacks()).containsExactly(A, B);
    health.with("a/m", HealthState.HEALTHY, 1);
    assertThat(decide("a/m", "b/m", "c/m").fallbacks()).as("as given").containsExactly(B, C);
  }

  @Test
  void shouldGiveARecoveringTargetItsShareAndTheSameRequestTheSameWay() {
    health.with("a/m", HealthState.RECOVERING, 0.25);
    Router router = router();
    int first = 0;
    for (int i = 0; i < 4_000; i++) {
      RouteDecision decision = router.decide(question("m", "r" + i));
      assertThat(router.decide(question("m", "r" + i)).target()).isEqualTo(decision.target());
      first += A.equals(decision.target()) ? 1 : 0;
    }
    assertThat(first / 4_000.0).isCloseTo(0.25, within(0.03));
  }
}
