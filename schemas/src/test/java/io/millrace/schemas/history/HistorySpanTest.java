package io.millrace.schemas.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class HistorySpanTest {

  private static final TopicPartition QUIET = new TopicPartition("t", 0);
  private static final TopicPartition BUSY = new TopicPartition("t", 1);

  @Test
  void shouldReadEverythingWhenItIsWithinTheBound() {
    HistorySpan span =
        HistorySpan.bounded(Map.of(QUIET, 5L, BUSY, 10L), Map.of(QUIET, 8L, BUSY, 60L), 100);
    assertThat(span.starts()).isEqualTo(Map.of(QUIET, 5L, BUSY, 10L));
    assertThat(span.cut()).isFalse();
  }

  @Test
  void shouldLeaveTheOldestOutWhenThereIsTooMuch() {
    HistorySpan span =
        HistorySpan.bounded(Map.of(QUIET, 5L, BUSY, 10L), Map.of(QUIET, 8L, BUSY, 1_000L), 100);
    assertThat(span.starts()).isEqualTo(Map.of(QUIET, 5L, BUSY, 950L));
    assertThat(span.cut()).isTrue();
  }

  @Test
  void shouldBeginBehindWhatTheReaderHasUnlessThatIsMadeUp() {
    assertThat(HistorySpan.behind(OptionalLong.empty(), 5, 100)).isEqualTo(5);
    assertThat(HistorySpan.behind(OptionalLong.of(2), 5, 100)).isEqualTo(5);
    assertThat(HistorySpan.behind(OptionalLong.of(99), 5, 100)).isEqualTo(100);
    assertThat(HistorySpan.behind(OptionalLong.of(100), 5, 100)).isEqualTo(5);
  }
}
