package io.millrace.workers.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.workers.gate.Circuit.State;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CircuitTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final CircuitSetting SETTING = CircuitSetting.defaults();

  private final Circuit circuit = new Circuit(SETTING, () -> 0.5);
  private long now = -3 * SECOND; // nanoTime may be negative

  @Test
  void shouldOpenOnFailuresInARow() {
    for (int i = 0; i < 9; i++) {
      assertThat(call(Signal.FAULT)).isFalse();
    }
    call(Signal.SUCCESS);
    for (int i = 0; i < 9; i++) {
      call(Signal.FAULT);
    }
    assertThat(circuit.state(now)).isEqualTo(State.CLOSED);
    assertThat(call(Signal.FAULT)).isTrue();
    assertThat(circuit.state(now)).isEqualTo(State.OPEN);
    assertThat(circuit.share(now)).isZero();
  }

  @Test
  void shouldNotTakeCallsThatHangForARowWhenLaterOnesSucceeded() {
    List<Verdict.Admitted> slow = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      slow.add((Verdict.Admitted) circuit.admit(0, 1, false, now));
      for (int quick = 0; quick < 3; quick++) {
        call(Signal.SUCCESS);
      }
    }
    slow.forEach(call -> circuit.ended(call, Signal.FAULT, now));
    assertThat(circuit.state(now)).isEqualTo(State.CLOSED);
    for (int i = 0; i < SETTING.consecutiveFailures() - 1; i++) {
      call(Signal.FAULT);
    }
    assertThat(circuit.state(now)).isEqualTo(State.CLOSED);
    call(Signal.FAULT);
    assertThat(circuit.state(now)).isEqualTo(State.OPEN);
  }

  @Test
  void shouldNotEndARowWithTheSuccessOfAnEarlierCall() {
    Verdict.Admitted early = (Verdict.Admitted) circuit.admit(0, 1, false, now);
    call(Signal.SUCCESS);
    for (int i = 0; i < SETTING.consecutiveFailures() - 1; i++) {
      call(Signal.FAULT);
    }
    circuit.ended(early, Signal.SUCCESS, now);
    call(Signal.FAULT);
    assertThat(circuit.state(now)).isEqualTo(State.OPEN);
  }

  @Test
  void shouldOpenOnTheRateOfEnoughCalls() {
    for (int i = 0; i < 10; i++) {
      call(Signal.SUCCESS);
    }
    for (int i = 0; i < 9; i++) {
      call(Signal.FAULT);
    }
    call(Signal.SUCCESS);
    assertThat(circuit.state(now)).isEqualTo(State.CLOSED);
    call(Signal.FAULT);
    call(Signal.FAULT);
    assertThat(circuit.state(now)).isEqualTo(State.OPEN);
  }

  @Test
  void shouldForgetFailuresOutsideTheWindow() {
    for (int i = 0; i < 40; i++) {
      call(i % 2 == 0 || i < 21 ? Signal.SUCCESS : Signal.FAULT);
    }
    now += 31 * SECOND;
    for (int i = 0; i < 10; i++) {
      call(Signal.SUCCESS);
    }
    for (int i = 0; i < 9; i++) {
      call(Signal.FAULT);
    }
    assertThat(circuit.state(now)).isEqualTo(State.CLOSED);
  }

  @Test
  void shouldNotCountRefusalsOrCallsThatWereGivenUp() {
    for (int i = 0; i < 1_000; i++) {
      call(i % 2 == 0 ? Signal.REFUSAL : Signal.NOTHING);
    }
    assertThat(circuit.state(now)).isEqualTo(State.CLOSED);
  }

  @Test
  void shouldLetOneProbeThroughWhenTheTimeIsOver() {
    open();
    assertThat(circuit.admit(0, 1, true, now)).isEqualTo(new Verdict.Refused(5 * SECOND));
    now += 5 * SECOND;
    Verdict probe = circuit.admit(0.99, 1, false, now);
    assertThat(probe).isInstanceOf(Verdict.Admitted.class);
    assertThat(circuit.state(now)).isEqualTo(State.HALF_OPEN);
    assertThat(circuit.admit(0, 1, true, now)).isInstanceOf(Verdict.Refused.class);
    circuit.ended((Verdict.Admitted) probe, Signal.NOTHING, now);
    assertThat(circuit.admit(0, 1, true, now)).isInstanceOf(Verdict.Admitted.class);
  }

  @Test
  void shouldDoubleTheWaitWithEveryProbeThatFailsUpToTheCap() {
    open();
    for (long expected : new long[] {5, 10, 20, 40, 80, 120, 120}) {
      assertThat(circuit.closedForNanos(now)).isEqualTo(expected * SECOND);
      now += expected * SECOND;
      call(Signal.FAULT);
    }
  }

  @Test
  void shouldComeBackByDegrees() {
    open();
    now += 5 * SECOND;
    call(Signal.SUCCESS);
    for (double share : new double[] {0.1, 0.25, 0.5}) {
      assertThat(circuit.share(now)).isEqualTo(share);
      assertThat(circuit.admit(share - 0.01, 1, false, now)).isInstanceOf(Verdict.Admitted.class);
      assertThat(circuit.admit(share, 1, false, now)).isEqualTo(new Verdict.Refused(5 * SECOND));
      assertThat(circuit.admit(0.999, 1, true, now)).isInstanceOf(Verdict.Admitted.class);
      now += 5 * SECOND;
    }
    assertThat(circuit.state(now)).isEqualTo(State.CLOSED);
    open();
    assertThat(circuit.closedForNanos(now)).isEqualTo(5 * SECOND);
  }

  @Test
  void shouldSkipNoShareWhenNobodyCallsForLong() {
    open();
    now += 5 * SECOND;
    call(Signal.SUCCESS);
    now += 3_600 * SECOND;
    assertThat(circuit.share(now)).isEqualTo(0.25);
  }

  @Test
  void shouldOpenForLongerWhenItFailsAgainWhileItRecovers() {
    open();
    now += 5 * SECOND;
    call(Signal.REFUSAL);
    assertThat(circuit.state(now)).isEqualTo(State.RECOVERING);
    for (int i = 0; i < 3; i++) {
      call(Signal.FAULT);
    }
    assertThat(circuit.closedForNanos(now)).isEqualTo(10 * SECOND);
  }

  @Test
  void shouldNotHearCallsThatWereBegunBeforeItChanged() {
    Verdict.Admitted early = admit();
    Verdict.Admitted other = admit();
    open();
    assertThat(circuit.ended(early, Signal.SUCCESS, now)).isFalse();
    assertThat(circuit.state(now)).isEqualTo(State.OPEN);
    now += 5 * SECOND;
    Verdict.Admitted probe = admit();
    circuit.ended(other, Signal.FAULT, now);
    assertThat(circuit.state(now)).isEqualTo(State.HALF_OPEN);
    circuit.ended(probe, Signal.SUCCESS, now);
    assertThat(circuit.state(now)).isEqualTo(State.RECOVERING);
  }

  @Test
  void shouldOpenWhenOthersFoundTheModelDownAndProbeTheSoonerTheLongerAgo() {
    assertThat(circuit.openElsewhere(2 * SECOND, now)).isTrue();
    assertThat(circuit.closedForNanos(now)).isEqualTo(3 * SECOND);
    assertThat(circuit.openElsewhere(0, now)).isFalse();
    assertThat(circuit.closedForNanos(now)).isEqualTo(3 * SECOND);
    circuit.recoveredElsewhere(now);
    assertThat(circuit.state(now)).isEqualTo(State.HALF_OPEN);
    Circuit fresh = new Circuit(SETTING, () -> 0.5);
    fresh.openElsewhere(Long.MAX_VALUE, now);
    assertThat(fresh.state(now)).isEqualTo(State.HALF_OPEN);
  }

  @Test
  void shouldHeedTheShareThatOthersFound() {
    assertThat(circuit.admit(0.3, 0.25, false, now)).isInstanceOf(Verdict.Refused.class);
    assertThat(circuit.admit(0.2, 0.25, false, now)).isInstanceOf(Verdict.Admitted.class);
    assertThat(circuit.admit(0.3, 0, true, now)).isInstanceOf(Verdict.Admitted.class);
  }

  @Test
  void shouldLetEverythingThroughWhenSwitchedOff() {
    Circuit off = new Circuit(CircuitSetting.off(), () -> 0.5);
    for (int i = 0; i < 100; i++) {
      off.ended((Verdict.Admitted) off.admit(0.99, 0, false, now), Signal.FAULT, now);
    }
    assertThat(off.openElsewhere(0, now)).isFalse();
    assertThat(off.share(now)).isEqualTo(1);
  }

  /**
   * Whatever happens: never two probes at once, never a call while it is open, never a wait that is
   * not positive or beyond its bound; and once the model is well it closes.
   */
  @Test
  void shouldKeepItsRulesWhateverTheCourse() {
    for (int run = 0; run < 300; run++) {
      long seed = 7_000L + run;
      Random random = new Random(seed);
      Circuit any = new Circuit(SETTING, random::nextDouble);
      long at = random.nextLong() / 4;
      Deque<Verdict.Admitted> open = new ArrayDeque<>();
      for (int i = 0; i < 3_000; i++) {
        at += (long) (random.nextDouble() * SECOND);
        if (random.nextInt(200) == 0) {
          any.openElsewhere(random.nextLong(20 * SECOND), at);
        }
        State before = any.state(at);
        Verdict verdict = any.admit(random.nextDouble(), random.nextDouble(), open.isEmpty(), at);
        switch (verdict) {
          case Verdict.Admitted admitted -> {
            assertThat(before).as("seed %d", seed).isNotEqualTo(State.OPEN);
            open.add(admitted);
          }
          case Verdict.Refused(long wait) ->
              assertThat(wait).as("seed %d", seed).isBetween(1L, 144 * SECOND);
        }
        if (before == State.HALF_OPEN && verdict instanceof Verdict.Admitted) {
          assertThat(any.admit(0, 1, true, at)).isInstanceOf(Verdict.Refused.class);
        }
        while (random.nextInt(3) == 0 && !open.isEmpty()) {
          Signal[] signals = Signal.values();
          any.ended(open.remove(), signals[random.nextInt(signals.length)], at);
        }
      }
      long end = at;
      for (Verdict.Admitted left : open) {
        any.ended(left, Signal.NOTHING, end);
      }
      for (int i = 0; i < 1_000 && any.state(end) != State.CLOSED; i++) {
        end += SECOND;
        if (any.admit(0, 1, true, end) instanceof Verdict.Admitted admitted) {
          any.ended(admitted, Signal.SUCCESS, end);
        }
      }
      assertThat(any.state(end)).as("seed %d", seed).isEqualTo(State.CLOSED);
    }
  }

  private void open() {
    for (int i = 0; i < 10; i++) {
      call(Signal.FAULT);
    }
    assertThat(circuit.state(now)).isEqualTo(State.OPEN);
  }

  private boolean call(Signal signal) {
    return circuit.ended(admit(), signal, now);
  }

  private Verdict.Admitted admit() {
    Verdict verdict = circuit.admit(0, 1, false, now);
    assertThat(verdict).isInstanceOf(Verdict.Admitted.class);
    return (Verdict.Admitted) verdict;
  }
}
