package io.millrace.stages.hooks.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.testing.InMemoryState;
import io.millrace.plugin.testing.TestContext;
import io.millrace.plugin.testing.TestEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Requests of three tenants that wait for one limit: more than it lets pass, some of them never
 * heard of again, with restarts in between.
 */
class WaitingPropertyTest {

  private static final CompletionRequest REQUEST = CompletionRequest.of("m", "Why?");
  private static final Duration TICK = Duration.ofMillis(100);
  private static final int TICKS = 6_000;
  private static final int PERIOD_SECONDS = 2;
  private static final int LIMIT = 10;

  private final InMemoryState state = new InMemoryState();
  private final TestEnvironment environment = new TestEnvironment();
  private final TreeMap<Long, List<Waiting>> due = new TreeMap<>();
  private final Map<String, Integer> latestOfTenant = new HashMap<>();
  private final List<Waiting> served = new ArrayList<>();
  private int refused;

  private record Waiting(int number, TestContext context, boolean faithful) {}

  @ParameterizedTest
  @CsvSource({"token_bucket,1", "token_bucket,2", "sliding_window,3", "fixed_window,4"})
  void shouldServeInTurnAndNeverOverTheLimit(String algorithm, long seed) {
    Random random = new Random(seed);
    Oracle oracle =
        new Oracle(
            Algorithm.valueOf(algorithm.toUpperCase(java.util.Locale.ROOT)),
            Rate.of(LIMIT, Duration.ofSeconds(PERIOD_SECONDS)));
    Hook hook = hook(algorithm);
    int arrived = 0;
    int gone = 0;
    for (int tick = 0; tick < TICKS; tick++) {
      Duration now = TICK.multipliedBy(tick);
      List<Waiting> turn = new ArrayList<>();
      due.headMap(now.toMillis(), true).values().forEach(turn::addAll);
      due.headMap(now.toMillis(), true).clear();
      Collections.shuffle(turn, random);
      while (random.nextInt(100) < 38) {
        turn.add(arrive(arrived++, now, random));
      }
      for (Waiting next : turn) {
        if (!next.context().deadline().isAfter(TestContext.START.plus(now))) {
          gone++;
        } else {
          ask(hook, next, now, oracle, seed);
        }
      }
      if (random.nextInt(50) == 0) {
        hook = hook(algorithm);
      }
    }
    int waiting = due.values().stream().mapToInt(List::size).sum();
    assertThat(served.size() + refused + gone + waiting).isGreaterThanOrEqualTo(arrived * 9 / 10);
    double share = served.size() / ((double) LIMIT * TICKS / 10 / PERIOD_SECONDS);
    // A sliding window is strict by a 64th of its period, and clocks here tick in tenths.
    assertThat(share).as("share of the limit that was used, seed %d", seed).isBetween(0.85, 1.01);
  }

  private void ask(Hook hook, Waiting next, Duration now, Oracle oracle, long seed) {
    next.context().withNow(TestContext.START.plus(now));
    switch (hook.preHook(REQUEST, next.context())) {
      case PreHookResult.Continue ignored -> {
        oracle.observe(TestContext.START.plus(now).toEpochMilli());
        oracle.take(1);
        assertThat(oracle.violation()).as("seed %d", seed).isEmpty();
        served.add(next);
        Integer before = latestOfTenant.put(next.context().tenant(), next.number());
        assertThat(before == null ? -1 : before)
            .as("whoever of a tenant went before, seed %d", seed)
            .isLessThan(next.number());
      }
      case PreHookResult.Defer defer -> {
        if (next.faithful()) {
          long then = now.plus(defer.duration()).toMillis();
          due.computeIfAbsent(then, key -> new ArrayList<>()).add(next);
        }
      }
      case PreHookResult.Fail fail -> {
        assertThat(fail.error().code()).isEqualTo(ErrorCode.RATE_LIMITED.wireName());
        refused++;
      }
      case PreHookResult.Respond ignored -> throw new AssertionError("nothing to answer");
      case PreHookResult.Join ignored -> throw new AssertionError("nothing to join");
    }
  }

  private Waiting arrive(int number, Duration now, Random random) {
    TestContext context =
        new TestContext()
            .withState(state)
            .withTenant("tenant-" + random.nextInt(3))
            .withRequestId("r" + number)
            .withTimeout(now.plusSeconds(5 + random.nextInt(30)));
    return new Waiting(number, context, random.nextInt(20) > 0);
  }

  @Test
  void shouldNotLetOneTenantsCrowdHoldUpAnother() {
    Hook hook = hook("token_bucket");
    List<Waiting> crowd = new ArrayList<>();
    for (int i = 0; i < 110; i++) {
      crowd.add(one("crowd", i));
    }
    Oracle oracle =
        new Oracle(Algorithm.TOKEN_BUCKET, Rate.of(LIMIT, Duration.ofSeconds(PERIOD_SECONDS)));
    crowd.forEach(next -> ask(hook, next, Duration.ZERO, oracle, 0));
    for (int i = 0; i < 5; i++) {
      ask(hook, one("other", 1_000 + i), Duration.ZERO, oracle, 0);
    }
    for (int tick = 1; tick <= 250; tick++) {
      Duration now = TICK.multipliedBy(tick);
      List<Waiting> turn = new ArrayList<>();
      due.headMap(now.toMillis(), true).values().forEach(turn::addAll);
      due.headMap(now.toMillis(), true).clear();
      turn.forEach(next -> ask(hook, next, now, oracle, 0));
    }
    assertThat(served).hasSize(115);
    List<Integer> places = new ArrayList<>();
    for (int place = 0; place < served.size(); place++) {
      if (served.get(place).context().tenant().equals("other")) {
        places.add(place);
      }
    }
    // Ten pass at once; from then on the two take turns.
    assertThat(places).allSatisfy(place -> assertThat(place).isLessThan(22));
  }

  private Waiting one(String tenant, int number) {
    TestContext context =
        new TestContext()
            .withState(state)
            .withTenant(tenant)
            .withRequestId("r" + number)
            .withTimeout(Duration.ofMinutes(5));
    return new Waiting(number, context, true);
  }

  private Hook hook(String algorithm) {
    Map<String, Object> limit =
        Map.of(
            "limit",
            LIMIT,
            "per",
            PERIOD_SECONDS + "s",
            "algorithm",
            algorithm,
            "on_limit",
            "wait");
    return new RateLimitHookFactory()
        .create(Map.of("scope", "provider", "limits", List.of(limit)), environment.environment());
  }
}
