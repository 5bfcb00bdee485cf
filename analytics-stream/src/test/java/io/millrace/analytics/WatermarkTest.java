package io.millrace.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WatermarkTest {

  private static final Duration IDLE_AFTER = Duration.ofMillis(100);

  private final Watermark watermark = new Watermark(IDLE_AFTER, 0, 5_000);

  @Test
  void shouldFollowTheLatestEventWhenEventsComeOutOfOrder() {
    watermark.observe(1_000, 5_000);
    watermark.observe(400, 5_001);

    assertThat(watermark.at(5_001)).isEqualTo(1_000);
  }

  @Test
  void shouldNotPassByTheWallClockWhileABacklogIsRead() {
    for (int i = 0; i < 100; i++) {
      watermark.observe(1_000 + i, 5_000 + i * 100);
    }

    assertThat(watermark.at(5_000 + 99 * 100 + 100)).isEqualTo(1_099);
  }

  @Test
  void shouldPassByTheWallClockWhenNothingComesForAWhile() {
    watermark.observe(1_000, 5_000);

    assertThat(watermark.at(5_100)).isEqualTo(1_000);
    assertThat(watermark.at(5_350)).isEqualTo(1_250);
  }

  @Test
  void shouldNeverGoBackWhenEventsResumeAfterAPause() {
    watermark.observe(1_000, 5_000);
    assertThat(watermark.at(6_100)).isEqualTo(2_000);

    watermark.observe(1_500, 6_100);

    assertThat(watermark.at(6_100)).isEqualTo(2_000);
  }

  @Test
  void shouldStandWhereItStoodWhenRestored() {
    Watermark restored = new Watermark(IDLE_AFTER, 9_000, 5_000);
    restored.observe(8_000, 5_000);

    assertThat(restored.at(5_000)).isEqualTo(9_000);
    assertThat(restored.at(5_101)).isEqualTo(9_001);
  }
}
