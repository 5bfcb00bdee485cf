package io.millrace.analytics.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.analytics.health.RecentFigures.Sums;
import io.millrace.schemas.avro.HealthState;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RecentFiguresTest {

  private static final long START = 1_800_000_000_000L;

  private final RecentFigures figures = new RecentFigures();

  @Test
  void shouldSumUpTheLastMinute() {
    for (int second = 0; second < 120; second++) {
      figures.add(second < 60 ? Finding.FAULT : Finding.SUCCESS, 500_000, START + second * 1_000);
    }
    Sums sums = figures.sums(START + 119_000);
    assertThat(sums.faults()).isZero();
    assertThat(sums.successes()).isEqualTo(60);
    assertThat(sums.successRate()).isEqualTo(1);
    assertThat(sums.load()).isCloseTo(0.5, within(0.02));
    assertThat(sums.p50Micros()).isCloseTo(500_000, within(10_000L));
    assertThat(sums.recentMeanMicros()).isEqualTo(500_000);
  }

  @Test
  void shouldTakeTheMeanOfTheLastFive() {
    for (int i = 1; i <= 7; i++) {
      figures.add(Finding.SUCCESS, i * 1_000, START);
      figures.add(Finding.FAULT, 9_000_000, START);
    }
    assertThat(figures.sums(START).recentMeanMicros()).isEqualTo(5_000);
  }

  @Test
  void shouldKeepLatenciesKnownWhenCallsStayAway() {
    figures.add(Finding.SUCCESS, 80_000, START);
    long p95 = figures.sums(START).p95Micros();
    Sums later = figures.sums(START + 3_600_000);
    assertThat(later.judged()).isZero();
    assertThat(later.successRate()).isEqualTo(1);
    assertThat(later.p95Micros()).isEqualTo(p95).isPositive();
    assertThat(later.load()).isZero();
  }

  @Test
  void shouldStayBoundedWhenTheClockGoesBackAndLatenciesAreAbsurd() {
    for (int i = 0; i < 1_000; i++) {
      figures.add(Finding.SUCCESS, i % 2 == 0 ? Long.MAX_VALUE / 2 : -5, START - i * 60_000L);
      figures.add(Finding.SUCCESS, 1, START + i * 60_000L);
    }
    assertThat(figures.buckets()).hasSizeLessThanOrEqualTo(RecentFigures.BUCKETS);
    assertThat(figures.sums(START).load()).isFinite().isNotNegative();
  }

  @Test
  void shouldComeBackFromTheStoreAsItWas() {
    ModelHealth health =
        new ModelHealth(
            "openai",
            "m",
            figures,
            Fitness.unknown(START).enter(HealthState.DOWN, 0, 2, "why", START),
            START);
    for (int i = 0; i < 300; i++) {
      figures.add(i % 3 == 0 ? Finding.FAULT : Finding.SUCCESS, i * 997L, START + i * 200);
    }
    long now = START + 60_000;
    assertThat(health.refresh(now)).isTrue();
    ModelHealth restored = Objects.requireNonNull(KeptHealth.read(KeptHealth.write(health), now));
    assertThat(restored.published()).isEqualTo(health.published());
    assertThat(restored.fitness()).isEqualTo(health.fitness());
    assertThat(restored.refresh(now + 10)).as("nothing new to tell").isFalse();
    byte[] newer = KeptHealth.write(health);
    newer[0] = 99;
    assertThat(KeptHealth.read(newer, now)).isNull();
  }
}
