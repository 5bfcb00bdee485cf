package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LatencyOutlookTest {

  private final FakeTime time = new FakeTime();
  private final LatencyOutlook outlook = new LatencyOutlook(time);

  @Test
  void shouldSayNothingWhileTooLittleIsKnown() {
    answer("m", LatencyOutlook.ENOUGH - 1, 5);
    assertThat(outlook.expected("m")).isEmpty();
    assertThat(outlook.expected("other")).isEmpty();
    answer("m", 1, 5);
    assertThat(outlook.expected("m")).contains(Duration.ofMillis(5));
    assertThat(outlook.expected("other")).isEmpty();
  }

  @Test
  void shouldExpectTheMedianOfTheLatestAnswers() {
    answer("m", 200, 1);
    answer("m", 40, 300);
    answer("m", 10, 90_000);
    assertThat(outlook.expected("m")).contains(Duration.ofMillis(300));
  }

  @Test
  void shouldForgetWhatIsOldSoThatASlowModelIsCalledAgain() {
    answer("m", 64, 900);
    time.pass(LatencyOutlook.MAX_AGE.plusMillis(1));
    assertThat(outlook.expected("m")).isEmpty();
    answer("m", LatencyOutlook.ENOUGH, 4);
    assertThat(outlook.expected("m")).contains(Duration.ofMillis(4));
  }

  private void answer(String model, int times, long millis) {
    for (int i = 0; i < times; i++) {
      outlook.answered(model, millis * 1_000);
    }
  }
}
