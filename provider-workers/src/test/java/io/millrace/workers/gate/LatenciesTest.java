package io.millrace.workers.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LatenciesTest {

  @Test
  void shouldSayNothingOnFewCalls() {
    Latencies latencies = new Latencies();
    for (int i = 1; i < Latencies.ENOUGH; i++) {
      latencies.add(i);
      assertThat(latencies.p95()).isEmpty();
    }
    latencies.add(20);
    assertThat(latencies.p95()).contains(Duration.ofNanos(19));
  }

  @Test
  void shouldForgetTheOldest() {
    Latencies latencies = new Latencies();
    for (int i = 0; i < 1_000; i++) {
      latencies.add(1_000_000);
    }
    for (int i = 1; i <= Latencies.REMEMBERED; i++) {
      latencies.add(i);
    }
    assertThat(latencies.p95()).contains(Duration.ofNanos(190));
  }
}
