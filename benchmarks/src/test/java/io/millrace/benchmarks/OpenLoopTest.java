package io.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OpenLoopTest {

  @Test
  void shouldKeepToItsTimesWhenAnArrivalIsHeldUp() {
    List<Long> undisturbed = gaps(false);
    List<Long> heldUp = gaps(true);

    assertThat(heldUp).isEqualTo(undisturbed);
  }

  @Test
  void shouldArriveAtTheRateOnAverageWhenTimesAreRandom() {
    long meanNanos = (long) gaps(false).stream().mapToLong(Long::longValue).average().orElseThrow();

    assertThat(meanNanos).isBetween(700_000L, 1_300_000L);
  }

  /** Times between arrivals at 1,000 per second. */
  private static List<Long> gaps(boolean holdUp) {
    List<Long> due = new ArrayList<>();
    OpenLoop.run(
        1_000,
        200,
        (number, dueNanos) -> {
          due.add(dueNanos);
          if (holdUp && number == 3) {
            spin();
          }
        });
    List<Long> gaps = new ArrayList<>();
    for (int i = 1; i < due.size(); i++) {
      gaps.add(due.get(i) - due.get(i - 1));
    }
    return gaps;
  }

  /** Longer than several arrivals take. */
  private static void spin() {
    long until = System.nanoTime() + 10_000_000;
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
  }
}
