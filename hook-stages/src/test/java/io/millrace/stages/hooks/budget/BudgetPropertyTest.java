package io.millrace.stages.hooks.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.access.Caller;
import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.testing.InMemoryState;
import io.millrace.plugin.testing.TestContext;
import io.millrace.plugin.testing.TestEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Budgets against an oracle with a plain sum for each: requests of several keys and teams, over
 * several days, that end in any order and cost anything up to what was reserved.
 */
class BudgetPropertyTest {

  private static final int STEPS = 12_000;
  private static final long NANOS_PER_TOKEN = 1_000_000;

  /** Name, its limit in nano-dollars. */
  private static final Map<String, Long> LIMITS =
      Map.of(
          "tenant-total", 60_000_000_000L,
          "tenant-day", 9_000_000_000L,
          "team-day", 4_000_000_000L,
          "key-month", 8_000_000_000L);

  private final InMemoryState state = new InMemoryState();
  private final TestEnvironment environment =
      new TestEnvironment().withPrices(target -> new TokenPrice(0, NANOS_PER_TOKEN));

  /** What the oracle knows: claimed by account. */
  private final Map<String, Long> claimed = new HashMap<>();

  private record Open(TestContext context, List<String> accounts, long worst) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldAllowExactlyWhatFitsEverywhere(long seed) {
    Random random = new Random(seed);
    Hook hook = hook();
    List<Open> open = new ArrayList<>();
    Duration now = Duration.ZERO;
    int refused = 0;
    for (int step = 0; step < STEPS; step++) {
      now = now.plusSeconds(random.nextInt(240)).minusSeconds(random.nextInt(30));
      TestContext context = context(random, step).withNow(TestContext.START.plus(now));
      int tokens = 1 + random.nextInt(400);
      long worst = tokens * NANOS_PER_TOKEN;
      List<String> accounts = accounts(context);
      boolean fits = accounts.stream().allMatch(account -> fits(account, worst));
      PreHookResult result = hook.preHook(request(tokens), context);
      assertThat(result instanceof PreHookResult.Continue)
          .as("seed %d, step %d: %s", seed, step, result)
          .isEqualTo(fits);
      if (fits) {
        accounts.forEach(account -> claimed.merge(account, worst, Long::sum));
        open.add(new Open(context, accounts, worst));
      } else {
        hook.postHook(ErrorCode.RATE_LIMITED.error("refused"), context);
        refused++;
      }
      while (open.size() > 20 || (!open.isEmpty() && random.nextInt(3) == 0)) {
        settle(hook, open.remove(random.nextInt(open.size())), now, random);
      }
      if (random.nextInt(100) == 0) {
        hook = hook();
      }
    }
    assertThat(refused).as("seed %d", seed).isBetween(STEPS / 100, STEPS);
  }

  private void settle(Hook hook, Open ended, Duration now, Random random) {
    boolean failed = random.nextInt(4) == 0;
    long cost = failed ? 0 : random.nextLong(ended.worst() + 1);
    ended.context().withNow(TestContext.START.plus(now)).withCostNanos(cost);
    hook.postHook(
        failed
            ? ErrorCode.UPSTREAM_ERROR.error("down")
            : Completion.ofText("c", "m", 1, "So.", Usage.of(1, 1)),
        ended.context());
    ended.accounts().forEach(account -> claimed.merge(account, cost - ended.worst(), Long::sum));
  }

  private boolean fits(String account, long worst) {
    long limit = Objects.requireNonNull(LIMITS.get(account.substring(0, account.indexOf('/'))));
    return claimed.getOrDefault(account, 0L) + worst <= limit;
  }

  private static List<String> accounts(TestContext context) {
    String day = context.now().toString().substring(0, 10);
    Caller caller = context.caller().orElseThrow();
    List<String> accounts = new ArrayList<>(List.of("tenant-total/", "tenant-day/" + day));
    accounts.add("key-month/" + caller.id() + day.substring(0, 7));
    caller.teamName().ifPresent(team -> accounts.add("team-day/" + team + day));
    return accounts;
  }

  private TestContext context(Random random, int step) {
    int key = random.nextInt(5);
    String team = key == 4 ? null : "team-" + key / 2;
    return new TestContext()
        .withState(state)
        .withRequestId("r" + step)
        .withCaller(Caller.ofKey("key-" + key, team));
  }

  private static CompletionRequest request(int maxTokens) {
    return CompletionRequest.of("m", "Why?").withMaxTokens(maxTokens);
  }

  private Hook hook() {
    List<Map<String, Object>> budgets =
        List.of(
            Map.of("period", "total", "limit_usd", "60"),
            Map.of("period", "day", "limit_usd", "9.00"),
            Map.of("team", "*", "period", "day", "limit_usd", "4"),
            Map.of("key", "*", "period", "month", "limit_usd", "8.000"));
    return new BudgetHookFactory().create(Map.of("budgets", budgets), environment.environment());
  }
}
