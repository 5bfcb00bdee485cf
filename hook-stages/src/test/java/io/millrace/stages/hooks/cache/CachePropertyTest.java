package io.millrace.stages.hooks.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.hook.KeyedState.Entry;
import io.millrace.plugin.hook.Operation;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.testing.TestContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random requests, answers of random sizes that come when they like, failures, clocks that jump,
 * restarts and orders: an answer always belongs to its question and is not too old, bounds hold
 * after each step, and the figures agree with what is there.
 */
class CachePropertyTest {

  private static final int STEPS = 4_000;
  private static final int QUESTIONS = 120;
  private static final long MAX_ENTRIES = 20;
  private static final long MAX_BYTES = 12_000;
  private static final Duration MAX_TTL = Duration.ofHours(2);

  private final List<Open> open = new ArrayList<>();
  private final Map<String, Instant> answered = new HashMap<>();
  private int number;

  /** A question on its way. */
  private record Open(String question, TestContext context) {}

  @ParameterizedTest
  @CsvSource({"1,lru", "2,score", "3,predictive", "4,score", "5,predictive", "6,lru"})
  void shouldNeverAnswerWrongNorOverstepItsBounds(long seed, String strategy) {
    Random random = new Random(seed);
    CacheTrial cache =
        new CacheTrial(
            Map.of(
                "strategy",
                strategy,
                "max_entries",
                MAX_ENTRIES,
                "max_bytes",
                MAX_BYTES,
                "max_entry_bytes",
                4_000,
                "max_ttl",
                "2h",
                "event_sample",
                0,
                "prediction",
                Map.of(
                    "confidence", 0.3,
                    "min_observations", 2,
                    "max_requests", 30,
                    "budget_per_hour", 20)));
    long hits = 0;
    for (int step = 0; step < STEPS; step++) {
      hits += step(cache, random) ? 1 : 0;
      String where = "seed " + seed + ", step " + step;
      List<Entry> entries = cache.state.range("e/", "e0", 10_000);
      Summary summary = cache.summary();
      assertThat(entries.size()).as(where).isLessThanOrEqualTo((int) MAX_ENTRIES);
      assertThat(summary.entries()).as(where).isEqualTo(entries.size());
      assertThat(summary.bytes())
          .as(where)
          .isLessThanOrEqualTo(MAX_BYTES)
          .isEqualTo(
              entries.stream()
                  .mapToLong(entry -> entry.value().length + (long) Answers.OVERHEAD_BYTES)
                  .sum());
      assertThat(summary.known())
          .as(where)
          .isLessThanOrEqualTo(30)
          .isEqualTo(cache.state.range("q/", "q0", 10_000).size());
    }
    assertThat(hits).as("seed %s", seed).isGreaterThan(STEPS / 20);
    assertThat(cache.summary().count(Count.EVICTED) + cache.summary().count(Count.EXPIRED))
        .isPositive();
  }

  private boolean step(CacheTrial cache, Random random) {
    switch (random.nextInt(100)) {
      case 0 -> cache.restart();
      case 1 -> cache.now = cache.now.minus(Duration.ofMinutes(random.nextInt(120)));
      case 2 -> cache.advance(Duration.ofHours(random.nextInt(3)));
      case 3 -> {
        if (random.nextInt(10) == 0) {
          cache.operate("clear");
        }
      }
      case 4 -> {
        String key = cache.context().contentHash(CacheTrial.request(question(random)));
        cache.operate(new Operation("drop", Map.of("key", key)));
      }
      default -> {
        cache.advance(Duration.ofMillis(random.nextInt(20_000)));
        if (!open.isEmpty() && random.nextInt(3) == 0) {
          answer(cache, open.remove(random.nextInt(open.size())), random);
        } else {
          return ask(cache, question(random), random);
        }
      }
    }
    return false;
  }

  private static String question(Random random) {
    double skewed = random.nextDouble() * random.nextDouble();
    return "question " + (int) (skewed * QUESTIONS);
  }

  private boolean ask(CacheTrial cache, String question, Random random) {
    TestContext context = cache.context();
    if (random.nextInt(20) == 0) {
      context.withHint("cache", random.nextBoolean() ? "refresh" : "bypass");
    }
    if (random.nextInt(20) == 0) {
      context.withHint("cache-ttl", 1 + random.nextInt(300) + "m");
    }
    if (random.nextInt(10) == 0) {
      context.inBackground();
    }
    PreHookResult result = cache.pre(question, context);
    if (!(result instanceof PreHookResult.Respond respond)) {
      open.add(new Open(question, context));
      return false;
    }
    Completion response = respond.response();
    assertThat(response.text()).startsWith(question + " ");
    Instant storedAt = answered.get(response.id());
    assertThat(Duration.between(storedAt, cache.now)).isLessThan(MAX_TTL);
    cache.post(response, context);
    return true;
  }

  private void answer(CacheTrial cache, Open asked, Random random) {
    TestContext context = asked.context().withNow(cache.now);
    if (random.nextInt(10) == 0) {
      cache.post(ErrorCode.UPSTREAM_ERROR.error("no"), context);
      return;
    }
    String id = "c" + number++;
    answered.put(id, cache.now);
    String text = asked.question() + " " + "x".repeat(random.nextInt(10) == 0 ? 5_000 : 400);
    cache.post(Completion.ofText(id, "m", 1, text, Usage.of(5, 2)), context);
  }
}
