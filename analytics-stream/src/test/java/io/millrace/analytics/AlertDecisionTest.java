package io.millrace.analytics;

import static io.millrace.analytics.Severity.CRITICAL;
import static io.millrace.analytics.Severity.NONE;
import static io.millrace.analytics.Severity.WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class AlertDecisionTest {

  private static final long LOWER_AFTER = 1_000;

  private static AlertDecision decide(AlertState state, Severity reached, Severity held, long now) {
    return AlertDecision.decide(state, reached, held, now, LOWER_AFTER);
  }

  @Test
  void shouldOpenAtOnceWhenAThresholdIsReached() {
    AlertDecision decision = decide(AlertState.QUIET, WARNING, WARNING, 5);

    assertThat(decision.changes()).isTrue();
    assertThat(decision.next()).isEqualTo(new AlertState(WARNING, 5, AlertState.NOT_CALM));
  }

  @Test
  void shouldKeepItsOpeningWhenItGetsWorse() {
    AlertState warning = decide(AlertState.QUIET, WARNING, WARNING, 5).next();

    AlertDecision worse = decide(warning, CRITICAL, CRITICAL, 9);

    assertThat(worse.changes()).isTrue();
    assertThat(worse.next().openedAtMillis()).isEqualTo(5);
    assertThat(worse.next().severity()).isEqualTo(CRITICAL);
  }

  @Test
  void shouldNotRepeatItselfWhileNothingChanges() {
    AlertState warning = decide(AlertState.QUIET, WARNING, WARNING, 5).next();

    assertThat(decide(warning, WARNING, WARNING, 6).changes()).isFalse();
    assertThat(decide(warning, NONE, WARNING, 9_000).changes())
        .as("below the threshold but not below the lower one")
        .isFalse();
  }

  @Test
  void shouldResolveOnlyAfterAnUnbrokenCalm() {
    AlertState open = decide(AlertState.QUIET, WARNING, WARNING, 0).next();

    AlertState calm = decide(open, NONE, NONE, 100).next();
    AlertState broken = decide(calm, NONE, WARNING, 900).next();
    AlertState calmAgain = decide(broken, NONE, NONE, 1_000).next();

    assertThat(decide(calmAgain, NONE, NONE, 1_999).changes()).isFalse();
    AlertDecision resolved = decide(calmAgain, NONE, NONE, 2_000);
    assertThat(resolved.changes()).isTrue();
    assertThat(resolved.next()).isEqualTo(AlertState.QUIET);
  }

  @Test
  void shouldStayOpenAsAWarningWhenACriticalCalmsHalfway() {
    AlertState critical = decide(AlertState.QUIET, CRITICAL, CRITICAL, 7).next();

    AlertState calm = decide(critical, WARNING, WARNING, 10).next();
    AlertDecision lowered = decide(calm, WARNING, WARNING, 1_010);

    assertThat(lowered.changes()).isTrue();
    assertThat(lowered.next()).isEqualTo(new AlertState(WARNING, 7, AlertState.NOT_CALM));
  }

  /** Any figures at all: what is told is a sound story, and never flaps. */
  @RepeatedTest(20)
  void shouldTellASoundStoryWhateverTheFigures() {
    long seed = System.nanoTime();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    AlertState state = AlertState.QUIET;
    long now = 0;
    long worseAt = Long.MIN_VALUE;
    for (int i = 0; i < 2_000; i++) {
      now += random.nextInt(400);
      Severity held = Severity.values()[random.nextInt(3)];
      Severity reached = Severity.values()[random.nextInt(held.ordinal() + 1)];
      if (held.compareTo(state.severity()) >= 0) {
        worseAt = now;
      }
      AlertDecision decision = decide(state, reached, held, now);
      String where = "seed " + seed + ", step " + i;
      Severity before = state.severity();
      Severity after = decision.next().severity();
      assertThat(decision.changes()).as(where).isEqualTo(before != after);
      if (after.compareTo(before) > 0) {
        assertThat(after).as(where).isEqualTo(reached);
      }
      if (after.compareTo(before) < 0) {
        assertThat(after).as(where).isEqualTo(held);
        assertThat(now - worseAt).as(where).isGreaterThanOrEqualTo(LOWER_AFTER);
      }
      assertThat(decision.next().openedAtMillis())
          .as(where)
          .isEqualTo(after == NONE ? 0 : before == NONE ? now : state.openedAtMillis());
      state = decision.next();
    }
  }
}
