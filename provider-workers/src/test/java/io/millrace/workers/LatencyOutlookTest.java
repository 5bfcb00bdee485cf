package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LatencyOutlookTest {

  private final FakeTime time = new FakeTime();
  private final LatencyOutlook outlook = new LatencyOutlook(time);

  @Test
  void shouldSayNothingWhileTooLittleIsKnown() {
    answer("m", LatencyOutlook.ENOUGH - 1, 5);
    assertThat(expected("m")).isEmpty();
    assertThat(expected("other")).isEmpty();
    answer("m", 1, 5);
    assertThat(expected("m")).contains(Duration.ofMillis(5));
    assertThat(expected("other")).isEmpty();
  }

  @Test
  void shouldExpectTheMedianOfTheLatestAnswers() {
    answer("m", 200, 1);
    answer("m", 40, 300);
    answer("m", 10, 90_000);
    assertThat(expected("m")).contains(Duration.ofMillis(300));
  }

  @Test
  void shouldForgetWhatIsOldSoThatASlowModelIsCalledAgain() {
    answer("m", 64, 900);
    time.pass(LatencyOutlook.MAX_AGE.plusMillis(1));
    assertThat(expected("m")).isEmpty();
    answer("m", LatencyOutlook.ENOUGH, 4);
    assertThat(expected("m")).contains(Duration.ofMillis(4));
  }

  @Test
  void shouldSayNothingWhenThereIsTimeEnough() {
    answer("m", 64, 900);
    assertThat(outlook.longerThan(Duration.ofMillis(899), "m")).contains(Duration.ofMillis(900));
    assertThat(outlook.longerThan(Duration.ofMillis(900), "m")).isEmpty();
    answer("m", 20, 5_000);
    assertThat(outlook.longerThan(Duration.ofMillis(900), "m")).isEmpty();
    assertThat(outlook.longerThan(Duration.ofDays(365_000), "m")).isEmpty();
  }

  private Optional<Duration> expected(String model) {
    return outlook.longerThan(Duration.ZERO, model);
  }

  private void answer(String model, int times, long millis) {
    for (int i = 0; i < times; i++) {
      outlook.answered(model, millis * 1_000);
    }
  }
}
