package io.millrace.stages.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.access.Caller;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.provider.ModelInfo;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How what is known of the models decides: what they can do, who may use them, who has them. */
class RouterModelsTest extends RouterFixture {

  @Test
  void shouldSendImagesToModelsThatSee() {
    models.put(A, info(false, false, 1_000_000));
    models.put(B, info(true, false, 1_000_000));
    assertThat(decide("m").target()).isEqualTo(A);
    request =
        request.withMessages(
            List.of(
                new Message(
                    "user",
                    new Content.Parts(List.of(new Content.ImagePart("https://x/y.png", null))),
                    null,
                    List.of(),
                    null,
                    Map.of())));
    RouteDecision decision = decide("m");
    assertThat(decision.target()).isEqualTo(B);
    assertThat(decision.fallbacks()).as("unknown is tried").containsExactly(C);
    assertThat(decision.reasons()).contains("a/m takes no images");
  }

  @Test
  void shouldPassOverWhoIsTooSmallOrBlocked() {
    models.put(A, info(false, true, 1_000_000));
    models.put(B, info(false, false, 10));
    request = CompletionRequest.of("m", "word ".repeat(100));
    RouteDecision decision = decide("m");
    assertThat(decision.target()).isEqualTo(C);
    assertThat(decision.reasons()).contains("a/m is blocked", "b/m has too small a context");
  }

  @Test
  void shouldTryRatherThanRefuseWhenARuleWouldLeaveNobody() {
    for (Target target : List.of(A, B, C)) {
      models.put(target, info(false, true, 1));
    }
    assertThat(decide("m").target()).isEqualTo(A);
  }

  @Test
  void shouldKeepToTheModelsOfTheSender() {
    caller = new Caller(Caller.Kind.TOKEN, "t", null, null, Set.of("b/m", "c/*"), Set.of());
    RouteDecision decision = decide("auto");
    assertThat(decision.target()).isEqualTo(B);
    assertThat(decision.fallbacks()).containsExactly(C);
  }

  @Test
  void shouldRouteToModelsThatProvidersReport() {
    Map<String, List<ModelInfo>> reports = new HashMap<>();
    Map<String, List<String>> providers = new LinkedHashMap<>();
    providers.put("a", List.of("m"));
    providers.put("b", List.of());
    Routing routing = new Routing(providers, "a", Map.of()).withAsked(List.of("b"));
    try (Router router = router(routing, reports)) {
      assertThat(router.decide(question("new", "r1")).target()).isNull();
      assertThat(router.decide(question("b/new", "r1")).target()).isEqualTo(new Target("b", "new"));
      reports.put("b", List.of(ModelInfo.of("new"), ModelInfo.of("m")));
      reports.put("a", List.of(ModelInfo.of("never asked")));
      assertThat(router.undisputed("new", List.of())).isEqualTo(new Target("b", "new"));
      assertThat(router.decide(question("m", "r1")).fallbacks()).containsExactly(B);
      assertThat(router.decide(question("auto", "r1")).fallbacks())
          .containsExactly(new Target("b", "new"), B);
      assertThat(router.decide(question("never asked", "r1")).target()).isNull();
      reports.put("b", List.of());
      assertThat(router.decide(question("new", "r1")).target()).isNull();
    }
  }

  @Test
  void shouldCompareReportsThatSayTheSameOnce() {
    Routing routing = new Routing(Map.of("a", List.of()), "a", Map.of()).withAsked(List.of("a"));
    AtomicReference<Map<String, List<ModelInfo>>> reports = new AtomicReference<>(Map.of());
    RouteScenes scenes =
        new RouteScenes(
            routing,
            new Router.Known(health, this::isBlocked, () -> Objects.requireNonNull(reports.get())),
            new RecentPicks(InstantSource.fixed(NOW)),
            InstantSource.fixed(NOW));
    reports.set(Map.of("a", List.of(ModelInfo.of("m"))));
    RouteScene first = scenes.now();
    AtomicInteger compared = new AtomicInteger();
    reports.set(
        new HashMap<>(reports.get()) {
          @Override
          public boolean equals(@Nullable Object other) {
            compared.incrementAndGet();
            return super.equals(other);
          }

          @Override
          public int hashCode() {
            return super.hashCode();
          }
        });
    assertThat(scenes.now()).isSameAs(first);
    assertThat(scenes.now()).isSameAs(first);
    assertThat(compared).hasValue(1);
  }
}
