package io.millrace.stages.routing.strategies;

import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.routing.Candidate;
import io.millrace.plugin.routing.RoutingStrategy;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The highest score first: success rate × 100, less twice the calls in flight, plus 1000 less the
 * mean latency of the last five calls in milliseconds, where that is more than nothing; never below
 * 0. Whose latency is not known is taken to be as quick as can be.
 */
final class LoadBalanceScore implements RoutingStrategy {

  private static final double RATE_WEIGHT = 100;
  private static final double LOAD_WEIGHT = 2;
  private static final double MOST_FOR_LATENCY = 1_000;

  static double score(Candidate candidate) {
    double latency = Math.max(0, MOST_FOR_LATENCY - Order.latencyMillis(candidate));
    double score = candidate.successRate() * RATE_WEIGHT - candidate.load() * LOAD_WEIGHT + latency;
    return Math.max(0, score);
  }

  @Override
  public List<Target> rank(
      CompletionRequest request, List<Candidate> candidates, RequestContext context) {
    List<Target> ranked =
        Order.by(Comparator.comparingDouble(LoadBalanceScore::score).reversed(), candidates);
    return Exploration.of(ranked, candidates, context);
  }

  @Override
  public String explain(CompletionRequest request, Candidate candidate, RequestContext context) {
    return String.format(Locale.ROOT, "score %.0f", score(candidate));
  }
}
