package weighted;

import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.routing.Candidate;
import io.millrace.plugin.routing.RoutingStrategy;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Draws the order of targets in proportion to their weights, after Efraimidis and Spirakis (2006):
 * each gets the key u^(1/weight), u uniform in (0, 1), and the greatest key is first. The request's
 * id seeds the draw, so a repeated request draws the same. Thread-safe: it has no state.
 */
final class Weighted implements RoutingStrategy {

  private static final double DEFAULT_WEIGHT = 1;

  private final Map<String, Double> weights;

  /** Weights by {@code provider/model}, each above 0. */
  Weighted(Map<String, Double> weights) {
    this.weights = Map.copyOf(weights);
  }

  @Override
  public List<Target> rank(
      CompletionRequest request, List<Candidate> candidates, RequestContext context) {
    Random random = new Random(31L * context.tenant().hashCode() + context.requestId().hashCode());
    return candidates.stream()
        .map(Candidate::target)
        .map(target -> new Drawn(target, key(target, random)))
        .sorted(Comparator.comparingDouble(Drawn::key).reversed())
        .map(Drawn::target)
        .toList();
  }

  private double key(Target target, Random random) {
    double weight = weights.getOrDefault(target.toString(), DEFAULT_WEIGHT);
    return Math.pow(random.nextDouble(), 1 / weight);
  }

  private record Drawn(Target target, double key) {}
}
