package io.millrace.stages.hooks.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.stages.hooks.state.StateReader;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LimiterTest {

  private static final long NOW = 1_700_000_040_000L;
  private static final Rate TEN_A_MINUTE = Rate.of(10, Duration.ofMinutes(1));

  @ParameterizedTest
  @EnumSource
  void shouldSayThatMoreThanTheLimitNeverFits(Algorithm algorithm) {
    Limiter limiter = Limiters.fresh(algorithm, TEN_A_MINUTE, NOW);
    assertThat(limiter.tryTake(NOW, 11)).isEqualTo(new Decision.Never(10));
    assertThat(limiter.available(NOW)).isEqualTo(10);
  }

  @ParameterizedTest
  @EnumSource
  void shouldHaveLaterOnesWaitWhenMoreIsUsedThanThereWas(Algorithm algorithm) {
    Limiter limiter = Limiters.fresh(algorithm, TEN_A_MINUTE, NOW);
    limiter.take(NOW, 35);
    assertThat(limiter.available(NOW)).isEqualTo(-25);
    long wait = limiter.waitMillis(NOW, 1);
    assertThat(limiter.check(NOW + wait, 1)).isInstanceOf(Decision.Fits.class);
    assertThat(wait).isBetween(60_000L, 180_000L);
    assertThat(limiter.resetMillis(NOW)).isLessThanOrEqualTo(4 * 60_000);
  }

  @ParameterizedTest
  @EnumSource
  void shouldBeOpenAgainWhenItsResetTimeHasPassed(Algorithm algorithm) {
    Limiter limiter = Limiters.fresh(algorithm, TEN_A_MINUTE, NOW);
    limiter.take(NOW, 7);
    long reset = limiter.resetMillis(NOW);
    assertThat(limiter.available(NOW + reset)).isEqualTo(10);
    assertThat(limiter.available(NOW + reset - 1)).isGreaterThanOrEqualTo(10);
  }

  @ParameterizedTest
  @EnumSource
  void shouldStandStillWhenTheClockGoesBackALittle(Algorithm algorithm) {
    Limiter limiter = Limiters.fresh(algorithm, TEN_A_MINUTE, NOW);
    limiter.take(NOW, 10);
    for (int i = 0; i < 50; i++) {
      assertThat(limiter.tryTake(NOW - i * 1_000L, 1)).isInstanceOf(Decision.Later.class);
      assertThat(limiter.tryTake(NOW, 1)).isInstanceOf(Decision.Later.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldGoOnWithinTwoPeriodsWhenTheClockGoesBackFar(Algorithm algorithm) {
    Limiter limiter = Limiters.fresh(algorithm, TEN_A_MINUTE, NOW);
    limiter.take(NOW + Duration.ofDays(365).toMillis(), 10);
    assertThat(limiter.tryTake(NOW, 10)).isInstanceOf(Decision.Later.class);
    assertThat(limiter.tryTake(NOW + 120_000, 10)).isInstanceOf(Decision.Fits.class);
  }

  @ParameterizedTest
  @EnumSource
  void shouldSurviveTheLargestNumbers(Algorithm algorithm) {
    Rate largest = new Rate(Rate.MAX_LIMIT, Rate.MAX_PERIOD.toMillis(), Rate.MAX_LIMIT);
    Limiter limiter = Limiters.fresh(algorithm, largest, NOW);
    for (int i = 0; i < 100; i++) {
      limiter.take(NOW + i, Long.MAX_VALUE);
      limiter = Limiters.restore(algorithm, largest, limiter.state(), NOW + i);
    }
    assertThat(limiter.available(NOW + 100)).isNegative();
    assertThat(limiter.waitMillis(NOW + 100, 1)).isPositive();
    assertThat(limiter.available(Long.MAX_VALUE / 4)).isEqualTo(Rate.MAX_LIMIT);
  }

  @ParameterizedTest
  @EnumSource
  void shouldBeginAnewWhenThePeriodIsChanged(Algorithm algorithm) {
    Limiter limiter = Limiters.fresh(algorithm, TEN_A_MINUTE, NOW);
    limiter.take(NOW, 10);
    Rate hourly = Rate.of(10, Duration.ofHours(1));
    assertThat(Limiters.restore(algorithm, hourly, limiter.state(), NOW).available(NOW))
        .isEqualTo(10);
    Rate raised = Rate.of(15, Duration.ofMinutes(1));
    assertThat(Limiters.restore(algorithm, raised, limiter.state(), NOW).available(NOW))
        .isBetween(0L, 5L);
    Rate lowered = Rate.of(5, Duration.ofMinutes(1));
    assertThat(Limiters.restore(algorithm, lowered, limiter.state(), NOW).available(NOW))
        .isLessThanOrEqualTo(0);
  }

  @Test
  void shouldGiveBackNothingThatAFullBucketWouldHaveLost() {
    Limiter bucket = new TokenBucket(Rate.of(10, Duration.ofSeconds(10)), NOW);
    long takenAt = bucket.take(NOW, 10);
    long later = NOW + 5_000;
    assertThat(bucket.tryTake(later, 5)).isInstanceOf(Decision.Fits.class);
    bucket.giveBack(later, takenAt, 10);
    // Had the ten never been taken, the bucket would have been full before the five.
    assertThat(bucket.available(later)).isEqualTo(5);
  }

  @Test
  void shouldGiveBackEverythingToABucketThatWasNeverNearlyFull() {
    Limiter bucket = new TokenBucket(TEN_A_MINUTE, NOW);
    bucket.take(NOW, 2);
    long takenAt = bucket.take(NOW, 8);
    bucket.giveBack(NOW + 6_000, takenAt, 8);
    // Nine is the truth; in the slice of the take up to a sixteenth of the burst is not proven.
    assertThat(bucket.available(NOW + 6_000)).isBetween(8L, 9L);
  }

  @Test
  void shouldCountInAnyWindowWhenItSlides() {
    Limiter window = new SlidingWindow(TEN_A_MINUTE, NOW);
    window.take(NOW + 59_000, 10);
    assertThat(window.tryTake(NOW + 61_000, 1)).isInstanceOf(Decision.Later.class);
    assertThat(window.waitMillis(NOW + 61_000, 1)).isBetween(58_000L, 60_000L);
  }

  @Test
  void shouldLeaveOtherWindowsAloneWhenGivenBackLate() {
    Limiter window = new FixedWindow(TEN_A_MINUTE, NOW);
    long takenAt = window.take(NOW, 10);
    window.take(NOW + 60_000, 4);
    window.giveBack(NOW + 60_000, takenAt, 10);
    assertThat(window.available(NOW + 60_000)).isEqualTo(6);
  }

  @Test
  void shouldRefuseRatesWithoutBounds() {
    assertThatThrownBy(() -> new Rate(0, 1_000, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Rate(1, 999, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Rate(1, 1_000, Rate.MAX_LIMIT + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LimiterHeader.read(new StateReader(new byte[] {9, 0, 0})))
        .hasMessage("the state of a limit has version 9; this Millrace reads version 1");
  }
}
