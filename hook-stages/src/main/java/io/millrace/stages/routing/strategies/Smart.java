package io.millrace.stages.routing.strategies;

import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.plugin.routing.Candidate;
import io.millrace.plugin.routing.RoutingStrategy;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The model that fits the request best first. Of 100 points, 35 are for knowing the domain, 30 for
 * a size that fits the complexity, up to 20 for speed, by urgency, and 15 for success lately; each
 * call in flight costs a tenth of a point, 10 at most. What is not known gets the middle.
 */
final class Smart implements RoutingStrategy {

  private static final double DOMAIN_POINTS = 35;
  private static final double SIZE_POINTS = 30;
  private static final double SPEED_POINTS = 20;
  private static final double SUCCESS_POINTS = 15;
  private static final double MOST_FOR_LOAD = 10;
  private static final double MIDDLE = 0.5;

  /** A model of this many billions of parameters takes on anything. */
  private static final double LARGEST_BILLIONS = 400;

  private static final double SLOW_MILLIS = 5_000;

  @Override
  public List<Target> rank(
      CompletionRequest request, List<Candidate> candidates, RequestContext context) {
    Reading reading = Reading.of(request, context);
    return Order.by(
        Comparator.comparingDouble((Candidate candidate) -> points(candidate, reading)).reversed(),
        candidates);
  }

  static double points(Candidate candidate, Reading reading) {
    ModelInfo model = candidate.model();
    return DOMAIN_POINTS * knows(model, reading.domain())
        + SIZE_POINTS * fits(capability(model), reading.complexity())
        + SPEED_POINTS * speed(candidate) * reading.urgency()
        + SUCCESS_POINTS * candidate.successRate()
        - Math.min(MOST_FOR_LOAD, candidate.load() / MOST_FOR_LOAD);
  }

  private static double knows(@Nullable ModelInfo model, Domain domain) {
    if (model == null || model.domains().isEmpty()) {
      return MIDDLE;
    }
    if (model.domains().contains(domain.wireName())) {
      return 1;
    }
    return model.domains().contains(Domain.GENERAL.wireName()) ? MIDDLE : 0;
  }

  /** How much a model takes on, 0 to 1: by its size, on a logarithmic scale, else its accuracy. */
  private static double capability(@Nullable ModelInfo model) {
    if (model == null) {
      return MIDDLE;
    }
    if (model.parametersBillions() != null) {
      double size = Math.max(1, model.parametersBillions());
      return Math.min(1, Math.log(size) / Math.log(LARGEST_BILLIONS));
    }
    return model.accuracy() == null ? MIDDLE : model.accuracy();
  }

  /** Too small is worse than too large, which only wastes. */
  private static double fits(double capability, double complexity) {
    double missing = complexity - capability;
    return Math.max(0, missing > 0 ? 1 - 2 * missing : 1 + missing / 2);
  }

  private static double speed(Candidate candidate) {
    return Order.latency(candidate).isEmpty()
        ? MIDDLE
        : 1 - Math.min(1, Order.latencyMillis(candidate) / SLOW_MILLIS);
  }

  @Override
  public String explain(CompletionRequest request, Candidate candidate, RequestContext context) {
    Reading reading = Reading.of(request, context);
    return String.format(
        Locale.ROOT,
        "%.0f points (%s, complexity %.2f, urgency %.2f)",
        points(candidate, reading),
        reading.domain().wireName(),
        reading.complexity(),
        reading.urgency());
  }
}
