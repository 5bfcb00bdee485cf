package io.millrace.analytics.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.HealthState;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HealthRulesTest {

  private static final long START = 1_800_000_000_000L;

  private final HealthRules rules = new HealthRules(HealthSettings.defaults());
  private final RecentFigures figures = new RecentFigures();
  private long now = START;
  private Fitness fitness = Fitness.unknown(START);

  private void call(Finding finding) {
    callStartedAt(finding, now);
  }

  private void callStartedAt(Finding finding, long startedAt) {
    HealthState before = fitness.state();
    figures.add(finding, 1_000, now);
    fitness = rules.after(fitness, finding, startedAt, figures.counts(now), now);
    forgetAfterDown(before);
  }

  private void pass(Duration duration) {
    now += duration.toMillis();
    HealthState before = fitness.state();
    fitness = rules.at(fitness, figures.counts(now), now);
    forgetAfterDown(before);
  }

  private void forgetAfterDown(HealthState before) {
    if (before == HealthState.DOWN && fitness.state() == HealthState.RECOVERING) {
      figures.clear();
    }
  }

  private void goDown() {
    for (int i = 0; i < 5; i++) {
      call(Finding.FAULT);
    }
    pass(Duration.ofSeconds(1));
    assertThat(fitness.state()).isEqualTo(HealthState.DOWN);
  }

  @Test
  void shouldGoDownASecondAfterTheFirstOfFiveFailuresInARow() {
    for (int i = 0; i < 5; i++) {
      call(Finding.FAULT);
    }
    assertThat(fitness.state()).isEqualTo(HealthState.HEALTHY);
    pass(Duration.ofSeconds(1));
    assertThat(fitness.state()).isEqualTo(HealthState.DOWN);
    assertThat(fitness.admitShare()).isZero();
    assertThat(fitness.reason()).isEqualTo("5 calls in a row failed");
  }

  @Test
  void shouldStayUpWhenACallBetweenSucceeds() {
    for (int i = 0; i < 4; i++) {
      call(Finding.FAULT);
    }
    call(Finding.SUCCESS);
    for (int i = 0; i < 4; i++) {
      call(Finding.FAULT);
    }
    pass(Duration.ofSeconds(10));
    assertThat(fitness.state()).isEqualTo(HealthState.HEALTHY);
  }

  @Test
  void shouldGoDownWhenMoreThanHalfOfManyCallsFail() {
    for (int i = 0; i < 10; i++) {
      call(Finding.SUCCESS);
      call(Finding.FAULT);
    }
    assertThat(fitness.inRotation()).isTrue();
    call(Finding.FAULT);
    assertThat(fitness.state()).isEqualTo(HealthState.DOWN);
    assertThat(fitness.reason()).contains("48 %");
  }

  @Test
  void shouldBeDegradedWhenSomeCallsFailAndHealthyWhenTheyAreForgotten() {
    for (int i = 0; i < 40; i++) {
      call(i % 5 == 4 ? Finding.FAULT : Finding.SUCCESS);
    }
    assertThat(fitness.state()).isEqualTo(HealthState.DEGRADED);
    assertThat(fitness.admitShare()).isEqualTo(1);
    call(Finding.SUCCESS);
    pass(Duration.ofMinutes(2));
    assertThat(fitness.state()).isEqualTo(HealthState.HEALTHY);
  }

  @Test
  void shouldBeDegradedWhenThrottled() {
    for (int i = 0; i < 20; i++) {
      call(i % 5 == 4 ? Finding.THROTTLED : Finding.SUCCESS);
    }
    assertThat(fitness.state()).isEqualTo(HealthState.DEGRADED);
    assertThat(fitness.reason()).contains("too many");
  }

  @Test
  void shouldNeverGoDownForWhatIsNotTheProvidersFault() {
    for (int i = 0; i < 1_000; i++) {
      call(Finding.NOTHING);
      call(Finding.THROTTLED);
    }
    pass(Duration.ofSeconds(5));
    assertThat(fitness.state()).isEqualTo(HealthState.DEGRADED);
  }

  @Test
  void shouldComeBackByDegrees() {
    goDown();
    call(Finding.SUCCESS);
    assertThat(fitness.state()).isEqualTo(HealthState.RECOVERING);
    assertThat(fitness.admitShare()).isEqualTo(0.1);
    pass(Duration.ofSeconds(5));
    assertThat(fitness.admitShare()).isEqualTo(0.25);
    pass(Duration.ofSeconds(60));
    assertThat(fitness.admitShare()).as("no success, no step").isEqualTo(0.25);
    call(Finding.SUCCESS);
    assertThat(fitness.admitShare()).isEqualTo(0.5);
    call(Finding.SUCCESS);
    pass(Duration.ofSeconds(5));
    assertThat(fitness.state()).isEqualTo(HealthState.HEALTHY);
    assertThat(fitness.admitShare()).isEqualTo(1);
  }

  @Test
  void shouldGoDownAgainWhenItFailsWhileItRecovers() {
    goDown();
    call(Finding.SUCCESS);
    call(Finding.FAULT);
    assertThat(fitness.state()).isEqualTo(HealthState.DOWN);
    assertThat(fitness.relapses()).isEqualTo(1);
    call(Finding.SUCCESS);
    assertThat(fitness.state()).as("held after a relapse").isEqualTo(HealthState.DOWN);
    pass(Duration.ofSeconds(5));
    call(Finding.SUCCESS);
    assertThat(fitness.state()).isEqualTo(HealthState.RECOVERING);
  }

  @Test
  void shouldTolerateAFewFailuresWhileItRecovers() {
    goDown();
    for (int i = 0; i < 9; i++) {
      call(Finding.SUCCESS);
    }
    call(Finding.FAULT);
    assertThat(fitness.state()).isEqualTo(HealthState.RECOVERING);
  }

  @Test
  void shouldIgnoreCallsThatBeganBefore() {
    goDown();
    callStartedAt(Finding.SUCCESS, fitness.sinceMillis() - 1);
    assertThat(fitness.state()).isEqualTo(HealthState.DOWN);
    call(Finding.SUCCESS);
    callStartedAt(Finding.FAULT, fitness.sinceMillis() - 1);
    assertThat(fitness.state()).isEqualTo(HealthState.RECOVERING);
  }

  @Test
  void shouldTryAgainWhenNobodyCanLook() {
    goDown();
    pass(Duration.ofSeconds(29));
    assertThat(fitness.state()).isEqualTo(HealthState.DOWN);
    pass(Duration.ofSeconds(1));
    assertThat(fitness.state()).isEqualTo(HealthState.RECOVERING);
  }

  @Test
  void shouldWaitTenTimesAsLongWhereSomebodyLooked() {
    goDown();
    fitness = fitness.lookedAt(now);
    call(Finding.FAULT);
    pass(Duration.ofSeconds(299));
    assertThat(fitness.state()).isEqualTo(HealthState.DOWN);
    pass(Duration.ofSeconds(1));
    assertThat(fitness.state()).isEqualTo(HealthState.RECOVERING);
  }

  @Test
  void shouldBoundTheHold() {
    assertThat(HealthRules.holdMillis(0)).isZero();
    assertThat(HealthRules.holdMillis(1)).isEqualTo(5_000);
    assertThat(HealthRules.holdMillis(3)).isEqualTo(20_000);
    assertThat(HealthRules.holdMillis(63)).isEqualTo(300_000);
  }

  @Test
  void shouldKeepItsPromisesWhateverHappens() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int run = 0; run < 200; run++) {
      fitness = Fitness.unknown(now);
      figures.clear();
      double failing = random.nextDouble();
      for (int step = 0; step < 500; step++) {
        Fitness before = fitness;
        // The clock may also go back.
        pass(Duration.ofMillis(random.nextInt(3_000) - 200));
        promises(before);
        before = fitness;
        Finding finding = random.nextDouble() < failing ? Finding.FAULT : Finding.SUCCESS;
        callStartedAt(finding, now - random.nextInt(2_000));
        promises(before);
      }
      // A dead one leaves within the bound, wherever it was.
      for (int i = 0; i < 20; i++) {
        pass(Duration.ofMillis(100));
        call(Finding.FAULT);
      }
      assertThat(fitness.state()).isEqualTo(HealthState.DOWN);
      // And one that works again is back in a bounded time.
      for (int i = 0; i < 400; i++) {
        pass(Duration.ofSeconds(1));
        call(Finding.SUCCESS);
      }
      assertThat(fitness.inRotation()).isTrue();
    }
  }

  private void promises(Fitness before) {
    switch (fitness.state()) {
      case HEALTHY, DEGRADED -> assertThat(fitness.admitShare()).isEqualTo(1);
      case DOWN -> assertThat(fitness.admitShare()).isZero();
      case RECOVERING -> assertThat(fitness.admitShare()).isBetween(0.1, 0.5);
    }
    if (before.state() == HealthState.DOWN) {
      assertThat(fitness.inRotation()).as("never back at once").isFalse();
    }
    if (before.state() == HealthState.RECOVERING && fitness.state() == before.state()) {
      assertThat(fitness.admitShare()).isGreaterThanOrEqualTo(before.admitShare());
    }
    if (fitness.state() != before.state()) {
      assertThat(fitness.sinceMillis()).isEqualTo(now);
    }
  }
}
