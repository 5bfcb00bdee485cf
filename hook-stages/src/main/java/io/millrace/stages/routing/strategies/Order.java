package io.millrace.stages.routing.strategies;

import io.millrace.plugin.model.Target;
import io.millrace.plugin.routing.Candidate;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Orders candidates, and what orders go by. */
final class Order {

  private Order() {}

  /** The targets in an order; equals stay as they were given. */
  static List<Target> by(Comparator<Candidate> order, List<Candidate> candidates) {
    return candidates.stream().sorted(order).map(Candidate::target).toList();
  }

  /** The latency to expect: the recent mean, else the median, else what the model is said to do. */
  static Optional<Duration> latency(Candidate candidate) {
    if (candidate.meanLatency().isPositive()) {
      return Optional.of(candidate.meanLatency());
    }
    if (candidate.health().p50().isPositive()) {
      return Optional.of(candidate.health().p50());
    }
    return Optional.ofNullable(candidate.model()).map(model -> model.latency());
  }

  /** {@link #latency} in milliseconds; 0 where nothing is known. */
  static double latencyMillis(Candidate candidate) {
    return latency(candidate).map(known -> known.toNanos() / 1e6).orElse(0.0);
  }
}
