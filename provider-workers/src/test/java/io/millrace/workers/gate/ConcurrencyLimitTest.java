package io.millrace.workers.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {

  @Test
  void shouldBeginAtTheMaximumAndStayThereWhileNothingIsRefused() {
    ConcurrencyLimit limit = new ConcurrencyLimit(100);
    rounds(limit, 100, 20, 0);
    assertThat(limit.now()).isEqualTo(100);
  }

  @Test
  void shouldHalveWhenEverythingIsRefusedDownToOne() {
    ConcurrencyLimit limit = new ConcurrencyLimit(64);
    round(limit, 64, 64);
    assertThat(limit.now()).isEqualTo(32);
    for (int i = 0; i < 10; i++) {
      round(limit, limit.now(), limit.now());
    }
    assertThat(limit.now()).isOne();
  }

  @Test
  void shouldShrinkByHalfOfTheShareThatWasRefused() {
    ConcurrencyLimit limit = new ConcurrencyLimit(1_000);
    round(limit, 200, 20);
    assertThat(limit.now()).isEqualTo(190);
    round(limit, 190, 5);
    assertThat(limit.now()).isEqualTo(190);
  }

  @Test
  void shouldGrowOnlyWhileItIsUsed() {
    ConcurrencyLimit limit = new ConcurrencyLimit(1_000);
    round(limit, 100, 100);
    assertThat(limit.now()).isEqualTo(50);
    rounds(limit, 49, 10, 0);
    assertThat(limit.now()).isEqualTo(50);
    round(limit, 50, 0);
    assertThat(limit.now()).isEqualTo(55);
  }

  /** A provider that takes so many calls and refuses the rest: the limit ends up around that. */
  @Test
  void shouldFindTheCapacityOfAProvider() {
    for (int capacity : new int[] {1, 3, 20, 150, 700}) {
      ConcurrencyLimit limit = new ConcurrencyLimit(1_000);
      long served = 0;
      long refused = 0;
      int rounds = 400;
      for (int i = 0; i < rounds; i++) {
        int calls = limit.now();
        int over = Math.max(0, calls - capacity);
        round(limit, calls, over);
        if (i >= rounds / 2) {
          served += calls - over;
          refused += over;
        }
      }
      assertThat(served * 2.0 / rounds)
          .as("served of %d", capacity)
          .isGreaterThanOrEqualTo(0.6 * capacity);
      assertThat(refused).as("refused at %d", capacity).isLessThan(served);
    }
  }

  @Test
  void shouldNotCollapseWhenAFewCallsAreRefusedWithoutLoad() {
    long seed = 5;
    Random random = new Random(seed);
    ConcurrencyLimit limit = new ConcurrencyLimit(1_000);
    double sum = 0;
    for (int i = 0; i < 500; i++) {
      int calls = limit.now();
      int refused = 0;
      for (int c = 0; c < calls; c++) {
        refused += random.nextInt(50) == 0 ? 1 : 0;
      }
      round(limit, calls, refused);
      sum += limit.now();
    }
    assertThat(sum / 500).as("seed %d", seed).isGreaterThan(400);
  }

  @Test
  void shouldStayWithinItsBoundsWhateverTheCourse() {
    for (int run = 0; run < 100; run++) {
      long seed = 300L + run;
      Random random = new Random(seed);
      int max = random.nextInt(1, 50);
      ConcurrencyLimit limit = new ConcurrencyLimit(max);
      int inFlight = 0;
      for (int i = 0; i < 5_000; i++) {
        if (random.nextBoolean() && inFlight < limit.now()) {
          limit.begun(++inFlight);
        } else if (inFlight > 0) {
          limit.ended(random.nextInt(4) == 0 ? random.nextDouble() : 0, --inFlight);
        }
        assertThat(limit.now()).as("seed %d", seed).isBetween(1, max);
      }
    }
  }

  private static void rounds(ConcurrencyLimit limit, int calls, int rounds, int refused) {
    for (int i = 0; i < rounds; i++) {
      round(limit, calls, refused);
    }
  }

  /** So many calls at once, all of which end before others begin. */
  private static void round(ConcurrencyLimit limit, int calls, int refused) {
    for (int i = 1; i <= calls; i++) {
      limit.begun(i);
    }
    for (int i = calls - 1; i >= 0; i--) {
      limit.ended(i < refused ? 1 : 0, i);
    }
  }
}
