package io.millrace.stages.routing;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.plugin.access.AccessKey;
import io.millrace.plugin.access.AccessKeys;
import io.millrace.plugin.access.Caller;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.routing.Candidate;
import io.millrace.schemas.access.ModelRights;
import io.millrace.schemas.health.ProviderBlockView;
import io.millrace.schemas.health.ProviderHealthView;
import io.millrace.schemas.models.ReportedModelsView;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Chooses one of the targets that answer for a model, and what is tried next: leaves out who cannot
 * or should not serve the request, lets the strategy rank the rest. Thread-safe; never waits.
 */
public final class Router implements AutoCloseable {

  private final RouteScenes scenes;
  private final Screening screening;
  private final Rankings rankings;
  private final RecentPicks picks;
  private final RouteMeters meters;

  /**
   * A router; creates its strategies.
   *
   * @param known what is known of targets
   * @param environments for strategies, by name
   * @throws IllegalArgumentException when a strategy refuses its settings
   */
  public Router(
      Routing routing,
      Known known,
      Function<String, HookEnvironment> environments,
      MeterRegistry registry) {
    RoutingPolicy policy = routing.policy();
    HookEnvironment environment = environments.apply(policy.strategy().name());
    this.meters = new RouteMeters(registry, routing.providers().keySet());
    this.rankings = Rankings.create(policy, environments, meters);
    this.picks = new RecentPicks(environment.clock());
    this.scenes = new RouteScenes(routing, known, picks, environment.clock());
    this.screening = new Screening(environment.accessKeys(), known.blocks());
  }

  /** The same where no provider is asked for its models. */
  public Router(
      Routing routing,
      ProviderHealthView health,
      ProviderBlockView blocks,
      HookEnvironment environment,
      MeterRegistry registry) {
    this(
        routing, new Known(health, blocks, ReportedModelsView.NONE), name -> environment, registry);
  }

  /**
   * What is known of targets besides the configuration.
   *
   * @param health how fit they are
   * @param blocks what operators have taken out
   * @param models what providers say of their models
   */
  public record Known(
      ProviderHealthView health, ProviderBlockView blocks, ReportedModelsView models) {

    /** Nothing. */
    public static final Known NOTHING =
        new Known(ProviderHealthView.UNKNOWN, ProviderBlockView.NONE, ReportedModelsView.NONE);
  }

  /** Which providers answer for which models, as far as they have said until now. */
  public Routing routing() {
    return scenes.now().routing();
  }

  /**
   * The one target that a request can go to, without a look at anything else: most requests name
   * their model, and should not pay for others that do not. Null where there is more to decide.
   */
  public @Nullable Target undisputed(String model, List<String> fallbacks) {
    if (!fallbacks.isEmpty()) {
      return null;
    }
    Routing routing = routing();
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
    RouteScene scene = scenes.now();
    List<Target> named = scene.routing().candidates(question.model());
    if (named.isEmpty()) {
      return RouteDecision.plain(null);
    }
    if (named.size() == 1 && !all) {
      Target only = named.getFirst();
      List<Target> next = scene.next(question, only);
      return next.isEmpty()
          ? RouteDecision.plain(only)
          : scene.chain(only, next, question, screening);
    }
    return choose(scene, named, question, all);
  }

  private RouteDecision choose(
      RouteScene scene, List<Target> named, RouteQuestion question, boolean all) {
    CompletionRequest request = question.request().get();
    Ranking ranking = rankings.of(question.model());
    List<Assessment> screened =
        screening.of(
            named.stream().map(scene.candidates()::of).toList(), request, question.context());
    List<Assessment> usable = screened.stream().filter(Assessment::usable).toList();
    List<Target> ranked =
        usable.isEmpty()
            ? Screening.leastBad(screened)
            : ranking.of(usable, request, question.context());
    Target first = ranked.getFirst();
    List<Assessment> noted = ranking.noted(screened, all ? null : first, request, question);
    List<Target> own = scene.next(question, first);
    if (!own.isEmpty()) {
      RouteDecision given = scene.chain(first, own, question, screening);
      return decision(ranking, given.target(), given.fallbacks(), noted);
    }
    int most = scene.routing().policy().maxFallbacks();
    return decision(ranking, first, ranked.stream().skip(1).limit(most).toList(), noted);
  }

  private static RouteDecision decision(
      Ranking ranking, @Nullable Target target, List<Target> fallbacks, List<Assessment> noted) {
    return new RouteDecision(
        target, fallbacks, noted, ranking.name(), Reasons.of(target, ranking.name(), noted));
  }

  /** Closes the strategies. */
  @Override
  public void close() {
    rankings.close();
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
