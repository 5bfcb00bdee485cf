package io.millrace.plugin.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.plugin.routing.Candidate;
import io.millrace.plugin.routing.CandidateHealth;
import io.millrace.plugin.routing.RoutingStrategy;
import io.millrace.plugin.routing.RoutingStrategyFactory;
import io.millrace.plugin.testing.TestContext;
import io.millrace.plugin.testing.TestEnvironment;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every routing strategy keeps to; used as {@link HookTck} is. */
public abstract class RoutingStrategyTck extends NamedPluginTck {

  private static final CompletionRequest REQUEST =
      CompletionRequest.of("auto", "Why is the sky blue?");

  /** For subclasses. */
  protected RoutingStrategyTck() {}

  /** The strategy's entry point; a new one at every call. */
  protected abstract RoutingStrategyFactory factory();

  @Override
  final String name() {
    return factory().name();
  }

  @Override
  final String description() {
    return factory().description();
  }

  @Override
  final @Nullable String configSchema() {
    return factory().configSchema();
  }

  @Test
  void shouldRankNothingButCandidates() {
    for (List<Candidate> candidates : List.of(untried(), busy(), failing(), described())) {
      for (Map<String, Object> config : samples()) {
        try (RoutingStrategy strategy = create(config)) {
          check(candidates, strategy.rank(REQUEST, candidates, new TestContext()));
        }
      }
    }
  }

  @Test
  void shouldServeManyThreadsAtOnce() {
    for (Map<String, Object> config : samples()) {
      try (RoutingStrategy strategy = create(config)) {
        Threads.call(i -> strategy.rank(REQUEST, busy(), new TestContext()))
            .forEach(ranked -> check(busy(), ranked));
      }
    }
  }

  private static void check(List<Candidate> candidates, List<Target> ranked) {
    Set<Target> known = candidates.stream().map(Candidate::target).collect(Collectors.toSet());
    assertFalse(ranked.isEmpty(), "rank must not return an empty list");
    assertTrue(known.containsAll(ranked), ranked + " names others than " + known);
    assertEquals(new HashSet<>(ranked).size(), ranked.size(), ranked + " names one twice");
  }

  private static List<Candidate> untried() {
    return List.of(
        Candidate.untried(new Target("a", "small")), Candidate.untried(new Target("b", "large")));
  }

  private static List<Candidate> busy() {
    return List.of(
        new Candidate(new Target("a", "small"), 100, 1_000, 1, Duration.ofMillis(80)),
        new Candidate(new Target("b", "large"), 0, 10, 0.8, Duration.ofSeconds(2)),
        Candidate.untried(new Target("c", "new")));
  }

  private static List<Candidate> failing() {
    return List.of(
        new Candidate(new Target("a", "small"), 5, 9, 0, Duration.ofMinutes(1)),
        new Candidate(new Target("b", "large"), 5, 9, 0, Duration.ofMinutes(1)));
  }

  /** With everything known that can be: one of them cheap and slow, one dear and unwell. */
  private static List<Candidate> described() {
    return List.of(
        new Candidate(
            new Target("a", "small"),
            3,
            900,
            0.99,
            Duration.ofMillis(900),
            new CandidateHealth(
                CandidateHealth.State.HEALTHY,
                1,
                12.5,
                Duration.ofMillis(800),
                Duration.ofSeconds(2)),
            info("small", 8.0, 0.6, new TokenPrice(100, 200)),
            1,
            1),
        new Candidate(
            new Target("b", "large"),
            0,
            9,
            0.5,
            Duration.ofMillis(90),
            new CandidateHealth(
                CandidateHealth.State.RECOVERING,
                0.1,
                0,
                Duration.ofMillis(80),
                Duration.ofMillis(95)),
            info("large", 400.0, 0.9, new TokenPrice(10_000, Long.MAX_VALUE)),
            2,
            0.001));
  }

  private static ModelInfo info(String name, double size, double accuracy, TokenPrice price) {
    return new ModelInfo(
        name,
        true,
        false,
        true,
        true,
        Set.of("code", "general"),
        accuracy,
        0.5,
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        128_000L,
        100_000L,
        8_000L,
        60L,
        10,
        size,
        price);
  }

  private RoutingStrategy create(Map<String, Object> config) {
    return factory().create(config, new TestEnvironment().environment());
  }
}
