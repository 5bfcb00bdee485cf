package io.millrace.stages.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.access.Caller;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Lane;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.plugin.routing.Candidate;
import io.millrace.plugin.routing.RoutingStrategy;
import io.millrace.plugin.routing.RoutingStrategyFactory;
import io.millrace.plugin.testing.TestEnvironment;
import io.millrace.schemas.avro.HealthState;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouterTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Target A = new Target("a", "m");
  private static final Target B = new Target("b", "m");
  private static final Target C = new Target("c", "m");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final HealthOf health = new HealthOf();
  private final Set<String> blocked = new HashSet<>();
  private final Map<Target, ModelInfo> models = new HashMap<>();
  private final Map<String, List<String>> fallbacks = new LinkedHashMap<>();
  private StrategySetting strategy = StrategySetting.of("priority");
  private CompletionRequest request = CompletionRequest.of("m", "Why?");
  private @Nullable Caller caller;

  private Router router() {
    Map<String, List<String>> providers = new LinkedHashMap<>();
    List.of("a", "b", "c").forEach(name -> providers.put(name, List.of("m")));
    providers.put("d", List.of());
    Routing routing =
        new Routing(
            providers,
            "a",
            Map.of("two", List.of("c/m", "a/m")),
            new RoutingPolicy(strategy, models, Map.of(), fallbacks, 3));
    return new Router(
        routing, health, this::isBlocked, new TestEnvironment().environment(), meters);
  }

  private boolean isBlocked(String provider, String model) {
    return blocked.contains(provider);
  }

  private RouteDecision decide(String model, String... wanted) {
    return router().decide(question(model, "r1", wanted));
  }

  private RouteQuestion question(String model, String requestId, String... wanted) {
    RouteContext.Facts facts =
        new RouteContext.Facts(
            "acme",
            requestId,
            Lane.STANDARD,
            NOW,
            NOW.plusSeconds(60),
            NOW,
            caller,
            Map.of(),
            false);
    return new RouteQuestion(model, List.of(wanted), () -> request, new RouteContext(facts));
  }

  private static ModelInfo info(boolean vision, boolean blocked, long maxTokens) {
    return new ModelInfo(
        "m", true, blocked, true, vision, Set.of(), null, null, null, null, maxTokens, null, null,
        null, null, null, null);
  }

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

  private Router router(Routing routing, Map<String, List<ModelInfo>> reports) {
    return new Router(
        routing,
        new Router.Known(health, this::isBlocked, () -> Map.copyOf(reports)),
        name -> new TestEnvironment().environment(),
        meters);
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
