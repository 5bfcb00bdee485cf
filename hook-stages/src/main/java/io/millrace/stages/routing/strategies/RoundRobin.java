package io.millrace.stages.routing.strategies;

import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.routing.Candidate;
import io.millrace.plugin.routing.RoutingStrategy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Each candidate in its turn; the one after it is the first fallback. One turn per process. */
final class RoundRobin implements RoutingStrategy {

  private final AtomicInteger turn = new AtomicInteger();

  @Override
  public List<Target> rank(
      CompletionRequest request, List<Candidate> candidates, RequestContext context) {
    List<Target> targets = new ArrayList<>(candidates.stream().map(Candidate::target).toList());
    Collections.rotate(targets, -Math.floorMod(turn.getAndIncrement(), targets.size()));
    return targets;
  }
}
