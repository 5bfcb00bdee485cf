package io.millrace.stages.routing.strategies;

import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.routing.Candidate;
import io.millrace.plugin.routing.RoutingStrategy;
import java.util.Comparator;
import java.util.List;

/** The least latency to expect first; who is not known at all comes last, but is explored. */
final class LeastLatency implements RoutingStrategy {

  @Override
  public List<Target> rank(
      CompletionRequest request, List<Candidate> candidates, RequestContext context) {
    List<Target> ranked =
        Order.by(Comparator.comparingDouble(LeastLatency::expectedMillis), candidates);
    return Exploration.of(ranked, candidates, context);
  }

  private static double expectedMillis(Candidate candidate) {
    return Order.latency(candidate).isEmpty() ? Double.MAX_VALUE : Order.latencyMillis(candidate);
  }

  @Override
  public String explain(CompletionRequest request, Candidate candidate, RequestContext context) {
    return Order.latency(candidate)
        .map(known -> "latency " + known.toMillis() + " ms")
        .orElse("latency not known");
  }
}
