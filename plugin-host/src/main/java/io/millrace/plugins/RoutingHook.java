package io.millrace.plugins;

import io.millrace.plugin.hook.EventTypes;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.hook.RoutePlan;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.routing.Candidate;
import io.millrace.plugin.routing.RoutingStrategy;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A routing strategy as a hook: ranks targets once per request, watches how each attempt does. */
final class RoutingHook implements Hook {

  private static final String AUTO = "auto";
  private static final String BEGAN = "began";

  private final RoutingStrategy strategy;
  private final List<Target> targets;
  private final TargetFigures figures = new TargetFigures();

  /** With further candidates for requests that leave the model open. */
  RoutingHook(RoutingStrategy strategy, List<Target> targets) {
    this.strategy = strategy;
    this.targets = List.copyOf(targets);
  }

  @Override
  public RoutePlan preRequest(RoutePlan plan, RequestContext context) {
    Set<Target> candidates = candidates(plan);
    if (candidates.size() < 2) {
      return plan;
    }
    List<Candidate> known =
        candidates.stream().map(target -> figures.of(target, context.now())).toList();
    List<Target> ranked = List.copyOf(strategy.rank(plan.request(), known, context));
    if (ranked.isEmpty() || !candidates.containsAll(ranked)) {
      throw new IllegalStateException(
          "a strategy ranks candidates only, at least one: %s were given, %s came back"
              .formatted(candidates, ranked));
    }
    Target first = ranked.getFirst();
    if (!first.equals(plan.target())) {
      context.emit(EventTypes.ROUTE_SELECTED, Map.of("target", first.toString()));
    }
    return plan.withTarget(first).withFallbacks(ranked.subList(1, ranked.size()));
  }

  @Override
  public PreHookResult preHook(CompletionRequest request, HookContext context) {
    if (context.attribute(BEGAN).isEmpty()) {
      context.setAttribute(BEGAN, Long.toString(context.now().toEpochMilli()));
    }
    figures.begin(context.target(), attempt(context), context.deadline(), context.now());
    return PreHookResult.proceed(request);
  }

  @Override
  public Outcome postHook(Outcome outcome, HookContext context) {
    Duration latency =
        context
            .attribute(BEGAN)
            .map(began -> Instant.ofEpochMilli(Long.parseLong(began)))
            .map(began -> Duration.between(began, context.now()))
            .filter(duration -> !duration.isNegative())
            .orElse(Duration.ZERO);
    figures.end(context.target(), attempt(context), latency, outcome instanceof Completion);
    return outcome;
  }

  @Override
  public void close() {
    strategy.close();
  }

  private Set<Target> candidates(RoutePlan plan) {
    Set<Target> candidates = new LinkedHashSet<>();
    Target first = plan.target();
    if (first != null) {
      candidates.add(first);
    }
    candidates.addAll(plan.fallbacks());
    if (plan.request().model().equals(AUTO)) {
      candidates.addAll(targets);
    }
    return candidates;
  }

  private static String attempt(HookContext context) {
    return context.tenant() + "/" + context.requestId() + "/" + context.attempt();
  }
}
