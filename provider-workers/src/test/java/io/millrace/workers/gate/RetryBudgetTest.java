package io.millrace.workers.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @Test
  void shouldAllowTheReserveWithoutAnyCalls() {
    RetryBudget budget = new RetryBudget(new RetryBudgetSetting(0.2, 1));
    assertThat(taken(budget, 100, 0)).isEqualTo(10);
    assertThat(taken(budget, 100, 9 * SECOND)).isZero();
    assertThat(taken(budget, 100, 10 * SECOND)).isEqualTo(10);
  }

  @Test
  void shouldAllowAShareOfTheCalls() {
    RetryBudget budget = new RetryBudget(new RetryBudgetSetting(0.2, 0));
    assertThat(budget.tryTake(0)).isFalse();
    for (int i = 0; i < 100; i++) {
      budget.called(0);
    }
    assertThat(taken(budget, 100, SECOND)).isEqualTo(20);
  }

  @Test
  void shouldAllowNoneWhenNothingIsSetAside() {
    RetryBudget budget = new RetryBudget(new RetryBudgetSetting(0, 0));
    budget.called(0);
    assertThat(budget.tryTake(0)).isFalse();
  }

  /** Whatever the course: repeats of any ten whole seconds stay within share and reserve. */
  @Test
  void shouldHoldInEveryWindowWhateverTheCourse() {
    for (int run = 0; run < 200; run++) {
      long seed = 90_000L + run;
      Random random = new Random(seed);
      double share = random.nextInt(5) / 10.0;
      int reserve = random.nextInt(20);
      RetryBudget budget = new RetryBudget(share, reserve, RetryBudget.WINDOW);
      long now = random.nextLong() / 4; // nanoTime may begin anywhere, below zero too
      List<long[]> events = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        now += (long) (random.nextDouble() * random.nextInt(1, 40) * SECOND / 20);
        if (random.nextBoolean()) {
          budget.called(now);
          events.add(new long[] {Math.floorDiv(now, SECOND), 0});
        } else if (budget.tryTake(now)) {
          long second = Math.floorDiv(now, SECOND);
          events.add(new long[] {second, 1});
          long calls = count(events, second, 0);
          long repeats = count(events, second, 1);
          assertThat((double) repeats)
              .as("seed %d", seed)
              .isLessThanOrEqualTo(share * calls + reserve);
        }
      }
    }
  }

  private static long count(List<long[]> events, long second, int kind) {
    long count = 0;
    for (int i = events.size() - 1; i >= 0 && events.get(i)[0] > second - 10; i--) {
      count += events.get(i)[1] == kind ? 1 : 0;
    }
    return count;
  }

  private static int taken(RetryBudget budget, int tries, long nowNanos) {
    int taken = 0;
    for (int i = 0; i < tries; i++) {
      taken += budget.tryTake(nowNanos) ? 1 : 0;
    }
    return taken;
  }
}
