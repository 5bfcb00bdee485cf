package io.millrace.stages.routing.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Lane;
import io.millrace.plugin.model.Target;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.plugin.routing.Candidate;
import io.millrace.plugin.routing.CandidateHealth;
import io.millrace.plugin.routing.RoutingStrategy;
import io.millrace.plugin.testing.TestContext;
import io.millrace.plugin.testing.TestEnvironment;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What each strategy goes by. */
class StrategiesTest {

  private static final CompletionRequest REQUEST = CompletionRequest.of("auto", "Why?");

  private final TestContext context = new TestContext();

  private static Candidate candidate(String provider, double success, long millis, double load) {
    return new Candidate(new Target(provider, "m"), 0, 100, success, Duration.ofMillis(millis))
        .withHealth(
            new CandidateHealth(
                CandidateHealth.State.HEALTHY,
                1,
                load,
                Duration.ofMillis(millis),
                Duration.ofMillis(millis)));
  }

  private static ModelInfo model(
      @Nullable TokenPrice price, @Nullable Double accuracy, double billions, String... domains) {
    return new ModelInfo(
        "m",
        true,
        false,
        true,
        false,
        Set.of(domains),
        accuracy,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        billions,
        price);
  }

  private List<String> rank(String strategy, Candidate... candidates) {
    return rank(strategy, Map.of(), REQUEST, candidates);
  }

  private List<String> rank(
      String strategy,
      Map<String, Object> config,
      CompletionRequest request,
      Candidate... candidates) {
    try (RoutingStrategy created =
        BuiltInStrategies.find(strategy)
            .orElseThrow()
            .create(config, new TestEnvironment().environment())) {
      return created.rank(request, List.of(candidates), context).stream()
          .map(Target::provider)
          .toList();
    }
  }

  @Test
  void shouldGoByPriority() {
    assertThat(
            rank(
                "priority",
                candidate("a", 1, 1, 0).withRank(5, 1),
                candidate("b", 1, 1, 0).withRank(1, 1),
                candidate("c", 1, 1, 0).withRank(5, 1)))
        .containsExactly("b", "a", "c");
  }

  @Test
  void shouldTakeTurns() {
    RoutingStrategy strategy = new RoundRobin();
    List<Candidate> three =
        List.of(candidate("a", 1, 1, 0), candidate("b", 1, 1, 0), candidate("c", 1, 1, 0));
    for (String first : List.of("a", "b", "c", "a")) {
      assertThat(strategy.rank(REQUEST, three, context).getFirst().provider()).isEqualTo(first);
    }
  }

  @Test
  void shouldGoByWeight() {
    Map<String, Integer> first = new HashMap<>();
    for (int i = 0; i < 8_000; i++) {
      context.withRequestId("r" + i);
      List<String> ranked =
          rank(
              "weighted",
              candidate("a", 1, 1, 0).withRank(1, 1),
              candidate("b", 1, 1, 0).withRank(1, 3));
      first.merge(ranked.getFirst(), 1, Integer::sum);
    }
    assertThat(first.getOrDefault("b", 0) / 8_000.0).isCloseTo(0.75, within(0.02));
  }

  @Test
  void shouldGoByLatencyAndMeasureWhoIsNotKnownNowAndThen() {
    Candidate unknown = Candidate.untried(new Target("c", "m"));
    int explored = 0;
    for (int i = 0; i < 2_000; i++) {
      context.withRequestId("r" + i);
      List<String> ranked =
          rank("least_latency", candidate("a", 1, 90, 0), candidate("b", 1, 30, 0), unknown);
      if (ranked.getFirst().equals("c")) {
        explored++;
      } else {
        assertThat(ranked).containsExactly("b", "a", "c");
      }
    }
    assertThat(explored / 2_000.0).isCloseTo(0.02, within(0.012));
  }

  /** R2: success × 100, less twice the load, plus 1000 less the mean latency, never below 0. */
  @Test
  void shouldScoreByTheFormula() {
    assertThat(LoadBalanceScore.score(candidate("a", 0.97, 400, 10))).isCloseTo(677, within(0.01));
    assertThat(LoadBalanceScore.score(candidate("a", 1, 5_000, 20))).isCloseTo(60, within(0.01));
    assertThat(LoadBalanceScore.score(candidate("a", 0, 5_000, 20))).isZero();
    assertThat(rank("score", candidate("a", 1, 900, 0), candidate("b", 0.5, 100, 0)))
        .containsExactly("b", "a");
  }

  /** R5: the cheapest model that meets the thresholds of accuracy and latency. */
  @Test
  void shouldTakeTheCheapestThatIsGoodEnough() {
    Candidate[] candidates = {
      candidate("dear", 1, 100, 0).withModel(model(new TokenPrice(500, 500), 0.95, 1)),
      candidate("cheap", 1, 100, 0).withModel(model(new TokenPrice(10, 10), 0.6, 1)),
      candidate("middle", 1, 3_000, 0).withModel(model(new TokenPrice(100, 100), 0.9, 1)),
      candidate("unknown", 1, 100, 0).withModel(model(null, 0.99, 1)),
    };
    assertThat(rank("least_cost", candidates))
        .containsExactly("cheap", "middle", "dear", "unknown");
    assertThat(rank("least_cost", Map.of("min_accuracy", 0.8), REQUEST, candidates))
        .containsExactly("middle", "dear", "unknown", "cheap");
    assertThat(
            rank(
                "least_cost",
                Map.of("min_accuracy", 0.8, "max_latency", "2s"),
                REQUEST,
                candidates))
        .containsExactly("dear", "unknown", "cheap", "middle");
  }

  @Test
  void shouldReadWhatARequestIsAbout() {
    assertThat(reading("Fix the bug in this python function: ```def f(x): ...```").domain())
        .isEqualTo(Domain.CODE);
    assertThat(reading("Solve the equation and prove the theorem.").domain())
        .isEqualTo(Domain.MATHS);
    assertThat(reading("Write a poem, then a short story about rain.").domain())
        .isEqualTo(Domain.CREATIVE);
    assertThat(reading("Draft an email to our customers on the new pricing.").domain())
        .isEqualTo(Domain.BUSINESS);
    assertThat(reading("Why is the sky blue?").domain()).isEqualTo(Domain.GENERAL);
    assertThat(reading("Hi").complexity()).isLessThan(0.1);
    assertThat(reading("The eigenvalue decomposition of a matrix. ".repeat(200)).complexity())
        .isGreaterThan(0.8);
    assertThat(reading("x".repeat(5_000_000)).complexity()).isBetween(0.0, 1.0);
    context.withLane(Lane.BATCH);
    assertThat(reading("Hi").urgency()).isZero();
    context.withLane(Lane.INTERACTIVE);
    assertThat(reading("Hi, it is urgent").urgency()).isEqualTo(1);
  }

  private Reading reading(String prompt) {
    return Reading.of(CompletionRequest.of("auto", prompt), context);
  }

  @Test
  void shouldFitTheModelToTheRequest() {
    Candidate small = candidate("small", 1, 100, 0).withModel(model(null, null, 3, "general"));
    Candidate large =
        candidate("large", 1, 900, 0).withModel(model(null, null, 400, "code", "maths"));
    assertThat(rank("smart", Map.of(), CompletionRequest.of("auto", "Hello."), large, small))
        .containsExactly("small", "large");
    String hard = "Prove that the compiler of this function terminates; solve it in python. ";
    assertThat(rank("smart", Map.of(), CompletionRequest.of("auto", hard.repeat(60)), small, large))
        .containsExactly("large", "small");
  }
}
