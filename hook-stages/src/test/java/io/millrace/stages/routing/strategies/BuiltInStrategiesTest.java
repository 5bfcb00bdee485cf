package io.millrace.stages.routing.strategies;

import io.millrace.plugin.routing.RoutingStrategyFactory;
import io.millrace.plugin.tck.RoutingStrategyTck;
import org.junit.jupiter.api.Nested;

/** What every strategy keeps to, for each that comes with Millrace. */
class BuiltInStrategiesTest {

  private abstract static class Kit extends RoutingStrategyTck {

    private final String name;

    Kit(String name) {
      this.name = name;
    }

    @Override
    protected RoutingStrategyFactory factory() {
      return BuiltInStrategies.find(name).orElseThrow();
    }
  }

  @Nested
  class PriorityKit extends Kit {
    PriorityKit() {
      super("priority");
    }
  }

  @Nested
  class RoundRobinKit extends Kit {
    RoundRobinKit() {
      super("round_robin");
    }
  }

  @Nested
  class WeightedKit extends Kit {
    WeightedKit() {
      super("weighted");
    }
  }

  @Nested
  class LeastLatencyKit extends Kit {
    LeastLatencyKit() {
      super("least_latency");
    }
  }

  @Nested
  class LeastCostKit extends Kit {
    LeastCostKit() {
      super("least_cost");
    }
  }

  @Nested
  class ScoreKit extends Kit {
    ScoreKit() {
      super("score");
    }
  }

  @Nested
  class SmartKit extends Kit {
    SmartKit() {
      super("smart");
    }
  }
}
