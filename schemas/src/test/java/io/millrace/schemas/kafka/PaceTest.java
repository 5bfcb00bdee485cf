package io.millrace.schemas.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PaceTest {

  private static final long START = 1_000_000_000L;

  private final Pace pace = new Pace();

  @Test
  void shouldCallRecordsFewWhenTheyComeOneByOne() {
    for (int i = 1; i < 1_000; i++) {
      assertThat(pace.fewAt(i * 1_000_000L)).isTrue();
    }
  }

  @Test
  void shouldCallRecordsManyWhenTheWindowHasItsBound() {
    long few = IntStream.range(0, 2 * Pace.MANY).filter(i -> pace.fewAt(START)).count();

    assertThat(few).isEqualTo(Pace.MANY - 1);
  }

  @Test
  void shouldRememberTheFormerWindowWhenANewOneBegins() {
    IntStream.range(0, Pace.MANY).forEach(i -> pace.fewAt(START));

    assertThat(pace.fewAt(START + Pace.WINDOW_NANOS)).isFalse();
    assertThat(pace.fewAt(START + 2 * Pace.WINDOW_NANOS)).isTrue();
  }

  @Test
  void shouldForgetTheFormerWindowWhenItIsLongOver() {
    IntStream.range(0, Pace.MANY).forEach(i -> pace.fewAt(START));

    assertThat(pace.fewAt(START + 2 * Pace.WINDOW_NANOS)).isTrue();
  }
}
