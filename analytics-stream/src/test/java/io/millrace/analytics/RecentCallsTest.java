package io.millrace.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.analytics.RecentCalls.Counts;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class RecentCallsTest {

  private static final long WINDOW = 60_000;

  @Test
  void shouldCountCallsOfTheWindowInWhateverOrderTheyCome() {
    RecentCalls recent =
        RecentCalls.NONE
            .with(100_000, false, WINDOW)
            .with(70_000, true, WINDOW)
            .with(101_000, true, WINDOW);

    assertThat(recent.at(101_000, WINDOW)).isEqualTo(new Counts(3, 2));
    assertThat(recent.at(101_000, WINDOW).errorRate()).isEqualTo(2.0 / 3);
  }

  @Test
  void shouldLeaveOutWhatIsOlderThanTheWindow() {
    RecentCalls recent = RecentCalls.NONE.with(10_000, true, WINDOW).with(65_000, false, WINDOW);

    assertThat(recent.at(69_999, WINDOW)).isEqualTo(new Counts(2, 1));
    assertThat(recent.at(70_000, WINDOW)).isEqualTo(new Counts(1, 0));
    assertThat(recent.at(500_000, WINDOW)).isEqualTo(new Counts(0, 0));
    assertThat(recent.with(1_000, true, WINDOW)).isEqualTo(recent);
  }

  @Test
  void shouldNeverHoldMoreThanItsBuckets() {
    long seed = System.nanoTime();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    RecentCalls recent = RecentCalls.NONE;
    for (int i = 0; i < 5_000; i++) {
      recent = recent.with(random.nextLong(10_000_000), random.nextBoolean(), WINDOW);
      assertThat(recent.buckets()).as("seed %d", seed).hasSizeLessThanOrEqualTo(12);
    }
  }
}
