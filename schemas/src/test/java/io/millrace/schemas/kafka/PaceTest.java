package io.millrace.schemas.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.kafka.Pace.Rate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class PaceTest {

  private static final long START = 1_000_000_000L;

  private final Pace pace = new Pace();

  private void send(int records, long atNanos) {
    IntStream.range(0, records).forEach(i -> pace.at(atNanos));
  }

  @Test
  void shouldCallRecordsFewWhenTheyComeOneByOne() {
    for (int i = 1; i < 1_000; i++) {
      assertThat(pace.at(i * 1_000_000L)).isEqualTo(Rate.FEW);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "FEW", mode = Mode.EXCLUDE)
  void shouldTellRatesApartByTheirBounds(Rate rate) {
    send(rate.least - 2, START);

    assertThat(pace.at(START)).isEqualTo(Rate.values()[rate.ordinal() - 1]);
    assertThat(pace.at(START)).isEqualTo(rate);
  }

  @Test
  void shouldRememberTheFormerWindowWhenANewOneBegins() {
    send(Rate.FLOOD.least, START);

    assertThat(pace.at(START + Pace.WINDOW_NANOS)).isEqualTo(Rate.FLOOD);
    assertThat(pace.at(START + 2 * Pace.WINDOW_NANOS)).isEqualTo(Rate.FEW);
  }

  @Test
  void shouldForgetTheFormerWindowWhenItIsLongOver() {
    send(Rate.FLOOD.least, START);

    assertThat(pace.at(START + 2 * Pace.WINDOW_NANOS)).isEqualTo(Rate.FEW);
  }
}
