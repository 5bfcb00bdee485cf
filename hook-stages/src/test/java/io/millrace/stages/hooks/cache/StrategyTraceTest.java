package io.millrace.stages.hooks.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Traces through caches of a tenth of what is asked for: which strategy answers more. The figures
 * are why {@code score} is the default.
 */
class StrategyTraceTest {

  private static final int QUESTIONS = 2_000;
  private static final int ENTRIES = 200;
  private static final int REQUESTS = 20_000;

  @Test
  void shouldAnswerMoreByScoreThanByRecencyWhenSomeAreAskedForMoreThanOthers() {
    double lru = zipf("lru", 0);
    double score = zipf("score", 0);
    assertThat(score).isGreaterThan(lru).isGreaterThan(0.5);
  }

  @Test
  void shouldAnswerMoreByScoreWhenEveryThirdRequestNeverComesAgain() {
    double lru = zipf("lru", 3);
    double score = zipf("score", 3);
    assertThat(score).isGreaterThan(lru);
  }

  @Test
  void shouldFollowWhenSomethingElseBecomesPopular() {
    double lru = shifting("lru");
    double score = shifting("score");
    assertThat(score).isGreaterThan(lru - 0.03);
  }

  private static double zipf(String strategy, int strangerEvery) {
    CacheTrial cache = trial(strategy);
    Random random = new Random(1);
    Zipf zipf = new Zipf(QUESTIONS);
    int hits = 0;
    int asked = 0;
    for (int i = 0; i < REQUESTS; i++) {
      cache.advance(Duration.ofMillis(50));
      if (strangerEvery > 0 && i % strangerEvery == 0) {
        cache.hits("stranger " + i);
      } else {
        asked++;
        hits += cache.hits("question " + zipf.next(random)) ? 1 : 0;
      }
    }
    return (double) hits / asked;
  }

  /** Every twenty minutes other questions are the popular ones. */
  private static double shifting(String strategy) {
    CacheTrial cache = trial(strategy);
    Random random = new Random(1);
    Zipf zipf = new Zipf(QUESTIONS);
    int hits = 0;
    for (int i = 0; i < REQUESTS; i++) {
      cache.advance(Duration.ofMillis(300));
      int shift = i / 4_000 * 100;
      hits += cache.hits("question " + (zipf.next(random) + shift) % QUESTIONS) ? 1 : 0;
    }
    return (double) hits / REQUESTS;
  }

  private static CacheTrial trial(String strategy) {
    return new CacheTrial(
        Map.of(
            "strategy",
            strategy,
            "max_entries",
            ENTRIES,
            "event_sample",
            0,
            "ttl",
            Map.of("hot", "24h", "warm", "24h")));
  }

  /** Ranks with weights 1/rank. */
  private static final class Zipf {

    private final double[] sums;

    Zipf(int ranks) {
      sums = new double[ranks];
      double sum = 0;
      for (int i = 0; i < ranks; i++) {
        sum += 1.0 / (i + 1);
        sums[i] = sum;
      }
    }

    int next(Random random) {
      int found = java.util.Arrays.binarySearch(sums, random.nextDouble() * sums[sums.length - 1]);
      return found >= 0 ? found : -found - 1;
    }
  }
}
