package io.millrace.stages.routing;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.plugin.access.AccessKey;
import io.millrace.plugin.access.AccessKeys;
import io.millrace.plugin.access.Caller;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.routing.Candidate;
import io.millrace.plugin.routing.RoutingStrategy;
import io.millrace.schemas.access.ModelRights;
import io.millrace.schemas.health.ProviderBlockView;
import io.millrace.schemas.health.ProviderHealthView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses one of the targets that answer for a model, and what is tried next: leaves out who cannot
 * or should not serve the request, lets the strategy rank the rest. Thread-safe; never waits.
 */
public final class Router implements AutoCloseable {

  private final Routing routing;
  private final RoutingPolicy policy;
  private final Screening screening;
  private final Ranking ranking;
  private final Candidates candidates;
  private final RecentPicks picks;
  private final RouteMeters meters;

  /**
   * A router; creates its strategy.
   *
   * @param health how fit targets are
   * @param blocks what operators have taken out
   * @param environment for the strategy
   * @throws IllegalArgumentException when the strategy refuses its settings
   */
  public Router(
      Routing routing,
      ProviderHealthView health,
      ProviderBlockView blocks,
      HookEnvironment environment,
      MeterRegistry registry) {
    this.routing = routing;
    this.policy = routing.policy();
    StrategySetting setting = policy.strategy();
    RoutingStrategy strategy = setting.factory().create(setting.config(), environment);
    this.meters = new RouteMeters(registry, routing.providers().keySet());
    this.picks = new RecentPicks(environment.clock());
    this.candidates = new Candidates(policy, health, picks, environment.clock());
    this.ranking = new Ranking(setting.name(), strategy, meters);
    this.screening = new Screening(environment.accessKeys(), blocks);
  }

  /** Which providers answer for which models. */
  public Routing routing() {
    return routing;
  }

  /**
   * The one target that a request can go to, without a look at anything else: most requests name
   * their model, and should not pay for others that do not. Null where there is more to decide.
   */
  public @Nullable Target undisputed(String model, List<String> fallbacks) {
    if (!fallbacks.isEmpty()) {
      return null;
    }
    List<Target> named = routing.candidates(model);
    return named.size() == 1 && routing.fallbacksOf(model, named.getFirst()).isEmpty()
        ? named.getFirst()
        : null;
  }

  /** Decides, and remembers where the request went. */
  public RouteDecision decide(RouteQuestion question) {
    RouteDecision decision = look(question, false);
    if (decision.chosen()) {
      meters.decided(decision);
    }
    Target target = decision.target();
    if (target != null && decision.assessments().size() > 1) {
      picks.add(target);
    }
    return decision;
  }

  /** The same for somebody who asks: remembers nothing, and says something of every candidate. */
  public RouteDecision explain(RouteQuestion question) {
    return look(question, true);
  }

  private RouteDecision look(RouteQuestion question, boolean all) {
    List<Target> named = routing.candidates(question.model());
    if (named.isEmpty()) {
      return RouteDecision.plain(null);
    }
    if (named.size() == 1 && !all) {
      Target only = named.getFirst();
      List<Target> next = next(question, only);
      return next.isEmpty() ? RouteDecision.plain(only) : chain(only, next, question);
    }
    return choose(named, question, all);
  }

  private RouteDecision choose(List<Target> named, RouteQuestion question, boolean all) {
    CompletionRequest request = question.request().get();
    List<Assessment> screened =
        screening.of(named.stream().map(candidates::of).toList(), request, question.context());
    List<Assessment> usable = screened.stream().filter(Assessment::usable).toList();
    List<Target> ranked =
        usable.isEmpty()
            ? Screening.leastBad(screened)
            : ranking.of(usable, request, question.context());
    List<Assessment> noted =
        ranking.noted(screened, all ? null : ranked.getFirst(), request, question);
    List<Target> own = next(question, ranked.getFirst());
    if (own.isEmpty()) {
      List<Target> rest = ranked.subList(1, ranked.size());
      List<Target> fallbacks = rest.subList(0, Math.min(rest.size(), policy.maxFallbacks()));
      return decision(ranked.getFirst(), fallbacks, noted);
    }
    RouteDecision explicit = chain(ranked.getFirst(), own, question);
    return decision(explicit.target(), explicit.fallbacks(), noted);
  }

  private RouteDecision decision(
      @Nullable Target target, List<Target> fallbacks, List<Assessment> noted) {
    return new RouteDecision(
        target, fallbacks, noted, ranking.name(), Reasons.of(target, ranking.name(), noted));
  }

  /** What the request, or else the configuration, wants tried next. */
  private List<Target> next(RouteQuestion question, Target target) {
    List<String> names = question.fallbacks();
    if (names.isEmpty()) {
      names = routing.fallbacksOf(question.model(), target);
    }
    if (names.isEmpty()) {
      return List.of();
    }
    Set<Target> next = new LinkedHashSet<>();
    for (String name : names) {
      // One that no provider answers for stays in; settling skips it with an event.
      next.add(routing.resolve(name).orElseGet(() -> new Target(name, "")));
    }
    next.remove(target);
    return List.copyOf(next);
  }

  /** An order that somebody gave is kept, but that who is unwell comes last. */
  private RouteDecision chain(Target first, List<Target> next, RouteQuestion question) {
    List<Target> well = new ArrayList<>(next.size() + 1);
    List<Assessment> unwell = new ArrayList<>(0);
    for (Target target : concat(first, next)) {
      Assessment seen = Screening.health(candidates.of(target), question.context());
      if (seen.usable() || !routing.knows(target.provider())) {
        well.add(target);
      } else {
        unwell.add(seen);
      }
    }
    if (well.isEmpty() || unwell.isEmpty()) {
      return new RouteDecision(first, next, List.of(), null, "");
    }
    well.addAll(Screening.leastBad(unwell));
    return new RouteDecision(
        well.getFirst(),
        well.subList(1, well.size()),
        unwell,
        null,
        Reasons.of(well.getFirst(), null, unwell));
  }

  private static Collection<Target> concat(Target first, List<Target> next) {
    List<Target> all = new ArrayList<>(next.size() + 1);
    all.add(first);
    all.addAll(next);
    return all;
  }

  /** Closes the strategy. */
  @Override
  public void close() {
    ranking.close();
  }

  /** What the credential of a sender reaches; everything where there is none. */
  static boolean mayUse(Candidate candidate, Optional<Caller> caller, AccessKeys keys) {
    if (caller.isEmpty()) {
      return true;
    }
    Set<String> models =
        switch (caller.get().kind()) {
          case TOKEN -> caller.get().models();
          case KEY -> keys.find(caller.get().id()).map(AccessKey::models).orElse(Set.of());
        };
    return ModelRights.reach(models, candidate.target());
  }
}
