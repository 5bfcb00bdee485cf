package io.millrace.stages.hooks.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Limiters against an oracle that keeps every amount ever taken and counts all of them anew each
 * time: with amounts given back in any order, restarts at any time, and a clock that stands still,
 * leaps and goes back.
 */
class LimiterPropertyTest {

  private static final int STEPS = 4_000;

  @ParameterizedTest
  @CsvSource({
    "TOKEN_BUCKET,1",
    "TOKEN_BUCKET,2",
    "TOKEN_BUCKET,3",
    "TOKEN_BUCKET,4",
    "TOKEN_BUCKET,5",
    "SLIDING_WINDOW,1",
    "SLIDING_WINDOW,2",
    "SLIDING_WINDOW,3",
    "SLIDING_WINDOW,4",
    "FIXED_WINDOW,1",
    "FIXED_WINDOW,2",
    "FIXED_WINDOW,3",
    "FIXED_WINDOW,4"
  })
  void shouldNeverAllowMoreThanTheOracle(Algorithm algorithm, long seed) {
    Random random = new Random(seed);
    Rate rate =
        new Rate(1 + random.nextInt(60), 1_000 + random.nextInt(9_000), 1 + random.nextInt(60));
    Oracle oracle = new Oracle(algorithm, rate);
    long now = 1_700_000_000_000L + random.nextInt(10_000);
    oracle.observe(now);
    Limiter limiter = Limiters.fresh(algorithm, rate, now);
    List<Integer> inFlight = new ArrayList<>();
    int taken = 0;
    for (int step = 0; step < STEPS; step++) {
      String where = "seed %d, %s, step %d".formatted(seed, rate, step);
      now = Math.max(now + leap(random, rate), oracle.latestMillis() - rate.periodMillis());
      oracle.observe(now);
      assertThat(limiter.available(now)).as(where).isLessThanOrEqualTo(limiter.capacity());
      long amount = 1 + random.nextInt((int) (limiter.capacity() * 6 / 5) + 1);
      switch (limiter.tryTake(now, amount)) {
        case Decision.Fits ignored -> {
          inFlight.add(oracle.take(amount));
          assertThat(oracle.violation()).as(where).isEmpty();
          taken++;
        }
        case Decision.Later later -> assertFitsThen(limiter, rate, now, amount, later, where);
        case Decision.Never never -> assertThat(amount).as(where).isGreaterThan(never.capacity());
      }
      if (!inFlight.isEmpty() && random.nextInt(3) == 0) {
        int which = inFlight.remove(random.nextInt(inFlight.size()));
        long back = random.nextInt((int) oracle.amount(which) + 1);
        limiter.giveBack(now, oracle.takenAt(which), back);
        oracle.giveBack(which, back);
      }
      if (random.nextInt(20) == 0) {
        limiter = Limiters.restore(algorithm, rate, limiter.state(), now);
      }
    }
    assertThat(taken).as("amounts that fitted, seed %d", seed).isGreaterThan(STEPS / 20);
  }

  /** Mostly small steps, at times none, a long one, or one back within a period. */
  private static long leap(Random random, Rate rate) {
    return switch (random.nextInt(20)) {
      case 0, 1, 2, 3 -> 0;
      case 4 -> rate.periodMillis() * random.nextInt(4);
      case 5 -> -random.nextInt((int) rate.periodMillis() / 2);
      case 6 -> random.nextInt((int) rate.periodMillis());
      default -> random.nextInt((int) rate.periodMillis() / 10);
    };
  }

  /** Who waits as long as it is told, and not a millisecond less, has its turn. */
  private static void assertFitsThen(
      Limiter limiter, Rate rate, long now, long amount, Decision.Later later, String where) {
    Algorithm algorithm =
        switch (limiter) {
          case TokenBucket ignored -> Algorithm.TOKEN_BUCKET;
          case SlidingWindow ignored -> Algorithm.SLIDING_WINDOW;
          case FixedWindow ignored -> Algorithm.FIXED_WINDOW;
        };
    long limiterNow = limiter.take(now, 0);
    long then = limiterNow + later.waitMillis();
    assertThat(later.waitMillis()).as(where).isPositive();
    assertThat(copy(limiter, algorithm, rate, now).check(then, amount))
        .as(where)
        .isInstanceOf(Decision.Fits.class);
    assertThat(copy(limiter, algorithm, rate, now).check(then - 1, amount))
        .as(where)
        .isInstanceOf(Decision.Later.class);
  }

  private static Limiter copy(Limiter limiter, Algorithm algorithm, Rate rate, long now) {
    return Limiters.restore(algorithm, rate, limiter.state(), now);
  }
}
