package io.millrace.stages.routing;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.access.Caller;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Lane;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.plugin.testing.TestEnvironment;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Three providers with one model each, a fourth with none, and what a router knows of them. */
abstract class RouterFixture {

  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  static final Target A = new Target("a", "m");
  static final Target B = new Target("b", "m");
  static final Target C = new Target("c", "m");

  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final HealthOf health = new HealthOf();
  final Set<String> blocked = new HashSet<>();
  final Map<Target, ModelInfo> models = new HashMap<>();
  final Map<String, List<String>> fallbacks = new LinkedHashMap<>();
  StrategySetting strategy = StrategySetting.of("priority");
  CompletionRequest request = CompletionRequest.of("m", "Why?");
  @Nullable Caller caller;

  Router router() {
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

  Router router(Routing routing, Map<String, List<ModelInfo>> reports) {
    return new Router(
        routing,
        new Router.Known(health, this::isBlocked, () -> Map.copyOf(reports)),
        name -> new TestEnvironment().environment(),
        meters);
  }

  boolean isBlocked(String provider, String model) {
    return blocked.contains(provider);
  }

  RouteDecision decide(String model, String... wanted) {
    return router().decide(question(model, "r1", wanted));
  }

  RouteQuestion question(String model, String requestId, String... wanted) {
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

  static ModelInfo info(boolean vision, boolean blocked, long maxTokens) {
    return new ModelInfo(
        "m", true, blocked, true, vision, Set.of(), null, null, null, null, maxTokens, null, null,
        null, null, null, null);
  }
}
