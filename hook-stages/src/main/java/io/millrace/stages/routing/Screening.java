package io.millrace.stages.routing;

import io.millrace.plugin.access.AccessKeys;
import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.plugin.routing.Candidate;
import io.millrace.plugin.routing.CandidateHealth.State;
import io.millrace.schemas.health.AdmitShare;
import io.millrace.schemas.health.ProviderBlockView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds who cannot or should not serve a request. One rule after the other; a rule that would leave
 * nobody is passed over, since to try is better than to refuse.
 *
 * @param keys what keys reach
 * @param blocks what operators have taken out
 */
record Screening(AccessKeys keys, ProviderBlockView blocks) {

  /** Every candidate in the given order, at least one of them usable unless all are unwell. */
  List<Assessment> of(
      List<Candidate> candidates, CompletionRequest request, RequestContext context) {
    List<Assessment> all = new ArrayList<>(candidates.size());
    candidates.forEach(candidate -> all.add(new Assessment(candidate, null, "")));
    RequestShape shape = RequestShape.of(request);
    sift(all, candidate -> isBlocked(candidate) ? Exclusion.BLOCKED : null);
    sift(all, candidate -> reaches(candidate, context) ? null : Exclusion.FORBIDDEN);
    sift(all, candidate -> candidate.model() == null ? null : shape.lackOf(candidate.model()));
    all.replaceAll(seen -> seen.usable() ? health(seen.candidate(), context) : seen);
    return all;
  }

  /** Whether a candidate is blocked or not the sender's to use. */
  boolean bars(Candidate candidate, RequestContext context) {
    return isBlocked(candidate) || !reaches(candidate, context);
  }

  private boolean reaches(Candidate candidate, RequestContext context) {
    return Router.mayUse(candidate, context.caller(), keys);
  }

  private boolean isBlocked(Candidate candidate) {
    ModelInfo model = candidate.model();
    Target target = candidate.target();
    return (model != null && model.blocked())
        || blocks.isBlocked(target.provider(), target.model());
  }

  private static void sift(List<Assessment> all, Function<Candidate, @Nullable Exclusion> rule) {
    List<Assessment> sifted = new ArrayList<>(all);
    sifted.replaceAll(seen -> seen.usable() ? judged(seen, rule) : seen);
    if (sifted.stream().anyMatch(Assessment::usable)) {
      for (int i = 0; i < all.size(); i++) {
        all.set(i, sifted.get(i));
      }
    }
  }

  private static Assessment judged(Assessment seen, Function<Candidate, @Nullable Exclusion> rule) {
    Exclusion reason = rule.apply(seen.candidate());
    return reason == null ? seen : seen.excludedBy(reason);
  }

  /** Whether a candidate is well enough for this request. */
  static Assessment health(Candidate candidate, RequestContext context) {
    Assessment seen = new Assessment(candidate, null, "");
    return switch (candidate.health().state()) {
      case DOWN -> seen.excludedBy(Exclusion.DOWN);
      case RECOVERING ->
          AdmitShare.admits(exchangeId(context), candidate.health().admitShare())
              ? seen
              : seen.excludedBy(Exclusion.RECOVERING);
      case UNKNOWN, HEALTHY, DEGRADED -> seen;
    };
  }

  /** The workers ask with the same id, so what passes here passes there. */
  private static String exchangeId(RequestContext context) {
    return context.tenant() + "/" + context.requestId();
  }

  /** Those that are merely unwell, best first; whoever recovers is better than who is down. */
  static List<Target> leastBad(List<Assessment> all) {
    return all.stream()
        .filter(seen -> seen.exclusion() != null && seen.exclusion().ofHealth())
        .map(Assessment::candidate)
        .sorted(
            Comparator.comparing((Candidate c) -> c.health().state() == State.DOWN)
                .thenComparing(Candidate::successRate, Comparator.reverseOrder()))
        .map(Candidate::target)
        .toList();
  }
}
