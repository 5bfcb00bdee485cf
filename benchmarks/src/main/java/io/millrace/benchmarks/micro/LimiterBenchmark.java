package io.millrace.benchmarks.micro;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.testing.InMemoryState;
import io.millrace.plugin.testing.TestContext;
import io.millrace.plugin.testing.TestEnvironment;
import io.millrace.stages.hooks.budget.BudgetHookFactory;
import io.millrace.stages.hooks.ratelimit.RateLimitHookFactory;
import io.millrace.stages.hooks.tokens.TokenEstimator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One request through a limiter and through a budget, both ways, with state in memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls create() before anything else
public class LimiterBenchmark {

  private static final Outcome ANSWER = Completion.ofText("c", "m", 1, "So.", Usage.of(40, 60));
  private static final CompletionRequest REQUEST =
      CompletionRequest.of("m", "Why is the sky blue, and since when has it been so? ".repeat(20));

  /** The limiter's algorithm. */
  @Param({"token_bucket", "sliding_window", "fixed_window"})
  public String algorithm;

  private final TestEnvironment environment =
      new TestEnvironment().withPrices(target -> new TokenPrice(100, 200));
  private final InMemoryState state = new InMemoryState();
  private final TokenEstimator estimator = TokenEstimator.exact();
  private Hook requests;
  private Hook budget;
  private long millis;

  /** Creates the hooks. */
  @Setup
  public void create() {
    requests =
        new RateLimitHookFactory()
            .create(
                Map.of(
                    "limits",
                    List.of(Map.of("limit", 1_000_000_000, "algorithm", algorithm, "per", "1m"))),
                environment.environment());
    budget =
        new BudgetHookFactory()
            .create(
                Map.of("budgets", List.of(Map.of("period", "month", "limit_usd", "1000000000"))),
                environment.environment());
  }

  /** A request that is counted. */
  @Benchmark
  public Object limiterStep() {
    return through(requests);
  }

  /** A request that is paid for. */
  @Benchmark
  public Object budgetStep() {
    return through(budget);
  }

  /** A prompt of a kilobyte, counted with the tokenizer. */
  @Benchmark
  public long countTokens() {
    return estimator.prompt(REQUEST, "tenant");
  }

  private Object through(Hook hook) {
    TestContext context =
        new TestContext().withState(state).withNow(TestContext.START.plusMillis(millis++));
    return List.of(hook.preHook(REQUEST, context), hook.postHook(ANSWER, context));
  }
}
