package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

  @Test
  void shouldDoubleUpToTheCap() {
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), () -> 0.5);
    assertThat(backoff.before(1)).isEqualTo(Duration.ofMillis(100));
    assertThat(backoff.before(2)).isEqualTo(Duration.ofMillis(200));
    assertThat(backoff.before(4)).isEqualTo(Duration.ofMillis(800));
    assertThat(backoff.before(5)).isEqualTo(Duration.ofSeconds(1));
    assertThat(backoff.before(1_000_000)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void shouldJitterByAFifthEitherWay() {
    Duration second = Duration.ofSeconds(1);
    assertThat(new Backoff(second, second, () -> 0).before(1)).isEqualTo(Duration.ofMillis(800));
    assertThat(new Backoff(second, second, () -> 0.999999).before(1))
        .isBetween(Duration.ofMillis(1_199), Duration.ofMillis(1_200));
  }
}
