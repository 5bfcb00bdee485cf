package io.millrace.stages.routing.strategies;

import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.routing.Candidate;
import io.millrace.plugin.routing.RoutingStrategy;
import java.util.Comparator;
import java.util.List;

/**
 * By chance: the share of a candidate among the first places is its weight, and so on among the
 * rest. Each draws -ln(u) / weight, and the least comes first (Efraimidis and Spirakis, 2006).
 */
final class Weighted implements RoutingStrategy {

  @Override
  public List<Target> rank(
      CompletionRequest request, List<Candidate> candidates, RequestContext context) {
    return Order.by(
        Comparator.comparingDouble(
            candidate -> -Math.log1p(-Draw.of(context, candidate.target())) / candidate.weight()),
        candidates);
  }

  @Override
  public String explain(CompletionRequest request, Candidate candidate, RequestContext context) {
    return "weight " + candidate.weight();
  }
}
