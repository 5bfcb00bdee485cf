package io.millrace.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReadingProgressTest {

  private final StringWriter said = new StringWriter();
  private final AtomicLong nanos = new AtomicLong();
  private final ReadingProgress progress = new ReadingProgress(new PrintWriter(said), nanos::get);

  private boolean after(int seconds, long records) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
    return progress.test(records);
  }

  @Test
  void shouldSayHowFarItIsAndReadOnForAsLongAsSomethingComes() {
    assertThat(after(1, 7)).isTrue();
    assertThat(said.toString()).isEmpty();
    assertThat(after(4, 9)).isTrue();
    assertThat(said.toString().lines())
        .containsExactly("millrace: reading the topics, 9 records so far");
    for (int i = 0; i < 100; i++) {
      assertThat(after(50, 10 + i)).isTrue();
    }
  }

  @Test
  void shouldGiveUpWhenNothingComes() {
    assertThat(after(1, 7)).isTrue();
    assertThat(after(59, 7)).isTrue();
    assertThat(after(1, 7)).isFalse();
  }
}
