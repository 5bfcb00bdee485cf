package io.millrace.schemas.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitBeatTest {

  private static final long START = 1_795_000_000_000L;

  private final CommitBeat beat = new CommitPace(Duration.ofMillis(100)).ofThisThread();

  @Test
  void shouldNotCommitWhenNobodyWaitsForAnything() {
    assertThat(commits(START, START + 10_000, 0)).isEmpty();
  }

  @Test
  void shouldCommitAtEveryIntervalWhenFewRecordsCome() {
    assertThat(commits(START, START + 1_000, 1))
        .containsExactly(0L, 100L, 200L, 300L, 400L, 500L, 600L, 700L, 800L, 900L);
  }

  @Test
  void shouldCommitAtEveryThirdIntervalWhenAFloodComes() {
    assertThat(commits(START, START + 1_000, 40)).containsExactly(0L, 300L, 600L, 900L);
  }

  @Test
  void shouldCommitAtTheNextIntervalWhenAFloodEnds() {
    assertThat(commits(START, START + 120, 40)).containsExactly(0L);
    assertThat(commits(START + 120, START + 1_000, 0)).containsExactly(200L);
  }

  @Test
  void shouldCommitOnceWhenSomethingIsDoneWithoutARecord() {
    beat.done();
    assertThat(beat.isDue(START)).isTrue();
    assertThat(commits(START + 20, START + 1_000, 0)).isEmpty();
  }

  @Test
  void shouldCountFromTheEndOfTheLastIntervalWhenLooksComeLate() {
    List<Long> due = new ArrayList<>();
    for (long at : List.of(0L, 119L, 210L, 299L, 301L, 900L, 950L, 1_000L)) {
      beat.came();
      if (beat.isDue(START + at)) {
        due.add(at);
      }
    }
    assertThat(due).containsExactly(0L, 119L, 299L, 900L, 1_000L);
  }

  @Test
  void shouldGoOnWhenTheClockIsSetBack() {
    beat.came();
    assertThat(beat.isDue(START)).isTrue();
    beat.came();
    assertThat(beat.isDue(START - 3_600_000)).isTrue();
    beat.came();
    assertThat(beat.isDue(START - 3_600_000 + 50)).isFalse();
    assertThat(beat.isDue(START - 3_600_000 + 100)).isTrue();
  }

  @Test
  void shouldLetStreamsCommitByItselfAtLeastOnceASecond() {
    assertThat(new CommitPace(Duration.ofMillis(100)).longestMillis()).isEqualTo(1_000);
    assertThat(new CommitPace(Duration.ofSeconds(5)).longestMillis()).isEqualTo(5_000);
  }

  @Test
  void shouldRefuseAnIntervalOfNothing() {
    assertThatThrownBy(() -> new CommitPace(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1 ms, is PT0S");
  }

  /** Has so many records come every 20 ms, and looks each time; gives when commits were due. */
  private List<Long> commits(long from, long to, int records) {
    List<Long> due = new ArrayList<>();
    for (long now = from; now < to; now += 20) {
      for (int i = 0; i < records; i++) {
        beat.came();
      }
      if (beat.isDue(now)) {
        due.add(now - START);
      }
    }
    return due;
  }
}
