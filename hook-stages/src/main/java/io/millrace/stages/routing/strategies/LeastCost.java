package io.millrace.stages.routing.strategies;

import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.plugin.routing.Candidate;
import io.millrace.plugin.routing.RoutingStrategy;
import io.millrace.stages.hooks.tokens.TokenEstimator;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The cheapest of those that are accurate and quick enough first, then the others by their cost;
 * whose price is not known comes after those whose price is. The thresholds are the model's own,
 * else the strategy's; what is not known does not reach a threshold of accuracy, and does not miss
 * one of latency.
 */
final class LeastCost implements RoutingStrategy {

  /** How much is generated where the request does not say. */
  private static final long USUAL_OUTPUT_TOKENS = 500;

  private static final double NANOS_PER_DOLLAR = 1e9;
  private static final TokenEstimator TOKENS = TokenEstimator.rough();

  private final @Nullable Double minAccuracy;
  private final @Nullable Duration maxLatency;

  LeastCost(@Nullable Double minAccuracy, @Nullable Duration maxLatency) {
    this.minAccuracy = minAccuracy;
    this.maxLatency = maxLatency;
  }

  @Override
  public List<Target> rank(
      CompletionRequest request, List<Candidate> candidates, RequestContext context) {
    Usage usage = expected(request);
    return Order.by(
        Comparator.comparing((Candidate candidate) -> !goodEnough(candidate))
            .thenComparing(candidate -> candidate.price() == null)
            .thenComparingLong(candidate -> costNanos(candidate, usage)),
        candidates);
  }

  private boolean goodEnough(Candidate candidate) {
    ModelInfo model = candidate.model();
    Double accuracyWanted = minAccuracy;
    Duration latencyWanted = maxLatency;
    Double accuracy = null;
    if (model != null) {
      accuracy = model.accuracy();
      accuracyWanted =
          model.accuracyThreshold() == null ? accuracyWanted : model.accuracyThreshold();
      latencyWanted = model.latencyThreshold() == null ? latencyWanted : model.latencyThreshold();
    }
    boolean accurate = accuracyWanted == null || (accuracy != null && accuracy >= accuracyWanted);
    Optional<Duration> latency = Order.latency(candidate);
    boolean quick =
        latencyWanted == null || latency.isEmpty() || latency.get().compareTo(latencyWanted) <= 0;
    return accurate && quick;
  }

  private static long costNanos(Candidate candidate, Usage usage) {
    TokenPrice price = candidate.price();
    return price == null ? 0 : price.costNanos(usage);
  }

  private static Usage expected(CompletionRequest request) {
    Integer most = request.maxTokens();
    return Usage.of(
        TOKENS.prompt(request, ""), most == null ? USUAL_OUTPUT_TOKENS : Math.max(0, most));
  }

  @Override
  public String explain(CompletionRequest request, Candidate candidate, RequestContext context) {
    String good = goodEnough(candidate) ? "" : ", below a threshold";
    if (candidate.price() == null) {
      return "price not known" + good;
    }
    double dollars = costNanos(candidate, expected(request)) / NANOS_PER_DOLLAR;
    return String.format(Locale.ROOT, "about $%.6f%s", dollars, good);
  }
}
