package io.millrace.stages.routing;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What routing counts. Thread-safe. */
final class RouteMeters {

  /** Requests for which there was something to choose; tag {@code provider}: who was chosen. */
  static final String CHOSEN = "millrace.route.chosen";

  /** Candidates passed over; tag {@code reason}. */
  static final String EXCLUDED = "millrace.route.excluded";

  /** Decisions that the strategy failed at; the configured order stood in. */
  static final String STRATEGY_ERRORS = "millrace.route.strategy.errors";

  private final Map<String, Counter> chosen = new HashMap<>();
  private final Map<Exclusion, Counter> excluded = new EnumMap<>(Exclusion.class);
  private final Counter strategyErrors;

  RouteMeters(MeterRegistry registry, Set<String> providers) {
    providers.forEach(
        provider -> chosen.put(provider, registry.counter(CHOSEN, "provider", provider)));
    for (Exclusion reason : Exclusion.values()) {
      excluded.put(reason, registry.counter(EXCLUDED, "reason", reason.wireName()));
    }
    strategyErrors = registry.counter(STRATEGY_ERRORS);
  }

  void decided(RouteDecision decision) {
    if (decision.target() != null) {
      Counter counter = chosen.get(decision.target().provider());
      if (counter != null) {
        counter.increment();
      }
    }
    for (Assessment assessment : decision.assessments()) {
      Exclusion reason = assessment.exclusion();
      if (reason != null) {
        Objects.requireNonNull(excluded.get(reason)).increment();
      }
    }
  }

  void strategyFailed() {
    strategyErrors.increment();
  }
}
