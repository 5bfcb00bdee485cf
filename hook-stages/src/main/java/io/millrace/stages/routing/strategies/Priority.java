package io.millrace.stages.routing.strategies;

import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.routing.Candidate;
import io.millrace.plugin.routing.RoutingStrategy;
import java.util.Comparator;
import java.util.List;

/** Lower priority first, then the given order. */
final class Priority implements RoutingStrategy {

  @Override
  public List<Target> rank(
      CompletionRequest request, List<Candidate> candidates, RequestContext context) {
    return Order.by(Comparator.comparingInt(Candidate::priority), candidates);
  }

  @Override
  public String explain(CompletionRequest request, Candidate candidate, RequestContext context) {
    return "priority " + candidate.priority();
  }
}
