package io.millrace.stages.routing.strategies;

import io.millrace.plugin.routing.RoutingStrategyFactory;
import java.util.List;
import java.util.Optional;

/** The routing strategies that come with Millrace. */
public final class BuiltInStrategies {

  private static final String MAX_LATENCY_PATTERN = "^[0-9]{1,9}(ms|s|m|h|d)$";

  private BuiltInStrategies() {}

  /** One factory each. */
  public static List<RoutingStrategyFactory> all() {
    return List.of(
        new SimpleStrategyFactory(
            "priority",
            "By the priority of the provider, then in the configured order.",
            Priority::new),
        new SimpleStrategyFactory("round-robin", "Each candidate in its turn.", RoundRobin::new),
        new SimpleStrategyFactory(
            "weighted", "By chance, each provider by its weight.", Weighted::new),
        new SimpleStrategyFactory(
            "least-latency", "Whoever answered fastest lately.", LeastLatency::new),
        new LeastCostFactory(MAX_LATENCY_PATTERN),
        new SimpleStrategyFactory(
            "score", "By a score of success, load and latency.", LoadBalanceScore::new),
        new SimpleStrategyFactory(
            "smart", "By what the request is about, how hard and how urgent it is.", Smart::new));
  }

  /** The strategy of a name, in which underscores may stand for hyphens. */
  public static Optional<RoutingStrategyFactory> find(String name) {
    String wanted = name.replace('_', '-');
    return all().stream().filter(factory -> factory.name().equals(wanted)).findFirst();
  }
}
