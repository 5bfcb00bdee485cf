package io.millrace.stages.routing.strategies;

import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.routing.Candidate;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends one request in {@link #ONE_IN} to a candidate that nobody called in the last minute: who
 * was slow once would else never be measured again.
 */
final class Exploration {

  /** Which share of requests explores. */
  static final int ONE_IN = 50;

  private Exploration() {}

  static List<Target> of(List<Target> ranked, List<Candidate> candidates, RequestContext context) {
    double draw = Draw.of(context) * ONE_IN;
    if (draw >= 1) {
      return ranked;
    }
    List<Target> unmeasured =
        candidates.stream()
            .filter(candidate -> candidate.attempts() == 0)
            .map(Candidate::target)
            .toList();
    if (unmeasured.isEmpty()) {
      return ranked;
    }
    Target first = unmeasured.get((int) (draw * unmeasured.size()));
    List<Target> explored = new ArrayList<>(ranked);
    explored.remove(first);
    explored.addFirst(first);
    return explored;
  }
}
