package io.millrace.workers.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetTrackerTest {

  private static final int MAX_CHARACTERS = 4_096;

  @Test
  void shouldCommitNothingBeyondTheFirstOpenOffset() {
    OffsetTracker tracker = fresh(100);
    take(tracker, 100, 101, 102);
    tracker.complete(101);
    assertThat(tracker.commit().offset()).isEqualTo(100);
    tracker.complete(100);
    assertThat(tracker.commit().offset()).isEqualTo(102);
    tracker.complete(102);
    assertThat(tracker.commit()).isEqualTo(new Commit(103, ""));
  }

  @Test
  void shouldSkipWhatWasDoneWhenResumed() {
    OffsetTracker first = fresh(0);
    take(first, 0, 1, 2, 3, 4, 5);
    complete(first, 1, 3, 4);
    OffsetTracker second = OffsetTracker.resume(first.commit(), MAX_CHARACTERS);
    assertThat(runAgain(second, 0, 1, 2, 3, 4, 5, 6)).containsExactly(0L, 2L, 5L, 6L);
  }

  @Test
  void shouldKeepMarksOfAnEarlierOwnerWhenCommittingBeforeTheyAreReached() {
    OffsetTracker first = fresh(0);
    take(first, 0, 1, 2, 3);
    complete(first, 1, 3);
    OffsetTracker second = OffsetTracker.resume(first.commit(), MAX_CHARACTERS);
    take(second, 0);
    second.complete(0);
    Commit commit = second.commit();
    assertThat(commit.offset()).isEqualTo(2);
    OffsetTracker third = OffsetTracker.resume(commit, MAX_CHARACTERS);
    assertThat(runAgain(third, 2, 3, 4)).containsExactly(2L, 4L);
  }

  @Test
  void shouldCountGapsAsDone() {
    OffsetTracker tracker = fresh(0);
    take(tracker, 5, 9, 20);
    complete(tracker, 9);
    assertThat(tracker.commit().offset()).isEqualTo(5);
    complete(tracker, 5);
    assertThat(tracker.commit().offset()).isEqualTo(20);
  }

  @Test
  void shouldForgetOpenOffsetsThatNoLongerExistWhenResumed() {
    OffsetTracker first = fresh(0);
    take(first, 0, 1, 2, 3);
    complete(first, 2);
    OffsetTracker second = OffsetTracker.resume(first.commit(), MAX_CHARACTERS);
    assertThat(runAgain(second, 3, 4)).containsExactly(3L, 4L);
    complete(second, 3);
    assertThat(second.commit().offset()).isEqualTo(4);
  }

  @Test
  void shouldMovePastTrailingMarkersWhenNothingIsOpen() {
    OffsetTracker tracker = fresh(0);
    take(tracker, 0);
    tracker.skipTo(7);
    assertThat(tracker.commit().offset()).isEqualTo(0);
    tracker.complete(0);
    tracker.skipTo(7);
    assertThat(tracker.commit()).isEqualTo(new Commit(7, ""));
  }

  @Test
  void shouldTakeAnOffsetFarAwayWhenNothingIsOpen() {
    OffsetTracker tracker = fresh(5);
    long far = 5L + Integer.MAX_VALUE * 4L;
    assertThat(tracker.canTake(far)).isTrue();
    assertThat(tracker.take(far)).isTrue();
    assertThat(tracker.commit().offset()).isEqualTo(far);
    assertThat(tracker.canTake(far + CommitMarks.MAX_WINDOW)).isFalse();
  }

  @Test
  void shouldReportProgressOnceForEachCommit() {
    OffsetTracker tracker = fresh(0);
    take(tracker, 0, 1);
    tracker.commit();
    assertThat(tracker.hasProgress()).isFalse();
    tracker.complete(1);
    assertThat(tracker.hasProgress()).isTrue();
    tracker.commit();
    assertThat(tracker.hasProgress()).isFalse();
    tracker.commitFailed();
    assertThat(tracker.hasProgress()).isTrue();
  }

  @Test
  void shouldRefuseWhatCannotBeRight() {
    OffsetTracker tracker = fresh(10);
    take(tracker, 10, 11);
    tracker.complete(10);
    assertThatThrownBy(() -> tracker.take(11)).hasMessageContaining("behind the position 12");
    assertThatThrownBy(() -> tracker.complete(10)).hasMessageContaining("10 is not open");
    assertThatThrownBy(() -> tracker.complete(12)).hasMessageContaining("12 is not open");
  }

  @Test
  void shouldStopTakingBeforeTheMarksNoLongerFit() {
    int maxCharacters = 200;
    OffsetTracker tracker = OffsetTracker.resume(new Commit(0, ""), maxCharacters);
    long next = 0;
    while (tracker.canTake(next)) {
      tracker.take(next);
      if (next % 2 == 1) {
        tracker.complete(next);
      }
      next++;
    }
    assertThat(next).isGreaterThan(1_000);
    assertThat(tracker.commit().metadata()).hasSizeLessThanOrEqualTo(maxCharacters);
    tracker.complete(0);
    LongStream.range(1, next).filter(n -> n % 2 == 0).forEach(tracker::complete);
    assertThat(tracker.canTake(next)).isTrue();
  }

  @Test
  void shouldGoOnPastOneStragglerForALongTime() {
    OffsetTracker tracker = fresh(0);
    tracker.take(0);
    long next = 1;
    while (next < 300_000 && tracker.canTake(next)) {
      tracker.take(next);
      tracker.complete(next);
      next++;
    }
    assertThat(next).isEqualTo(300_000);
    Commit commit = tracker.commit();
    assertThat(commit.offset()).isZero();
    assertThat(commit.metadata()).hasSizeLessThan(40);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "somebody else's",
        "millrace9r:AAAA",
        "millrace1r:",
        "millrace1r:!!!!",
        "millrace1b:AA",
        "millrace1r:AAAAAAAA"
      })
  void shouldIgnoreMetadataThatIsNotItsOwn(String metadata) {
    Commit foreign = new Commit(50, metadata);
    assertThat(OffsetTracker.understands(foreign)).isFalse();
    OffsetTracker tracker = OffsetTracker.resume(foreign, MAX_CHARACTERS);
    assertThat(runAgain(tracker, 50, 51)).containsExactly(50L, 51L);
  }

  @Test
  void shouldNotTrustMarksThatWereChangedOrMoved() {
    OffsetTracker tracker = fresh(0);
    take(tracker, LongStream.range(0, 50).toArray());
    complete(tracker, 3, 7, 8, 21, 40);
    Commit commit = tracker.commit();
    assertThat(OffsetTracker.understands(commit)).isTrue();
    assertThat(OffsetTracker.understands(new Commit(1, commit.metadata()))).isFalse();
    String text = commit.metadata();
    for (int i = "millrace1r:".length(); i < text.length(); i++) {
      char other = text.charAt(i) == 'A' ? 'B' : 'A';
      Commit damaged = new Commit(0, text.substring(0, i) + other + text.substring(i + 1));
      Commit cut = new Commit(0, text.substring(0, i));
      assertThat(OffsetTracker.understands(cut)).isFalse();
      if (i < text.length() - 1) {
        assertThat(OffsetTracker.understands(damaged)).as("changed at %s", i).isFalse();
      }
    }
  }

  private static OffsetTracker fresh(long offset) {
    return OffsetTracker.resume(new Commit(offset, ""), MAX_CHARACTERS);
  }

  private static void take(OffsetTracker tracker, long... offsets) {
    for (long offset : offsets) {
      assertThat(tracker.take(offset)).isTrue();
    }
  }

  private static void complete(OffsetTracker tracker, long... offsets) {
    LongStream.of(offsets).forEach(tracker::complete);
  }

  private static List<Long> runAgain(OffsetTracker tracker, long... offsets) {
    List<Long> run = new ArrayList<>();
    for (long offset : offsets) {
      if (tracker.take(offset)) {
        run.add(offset);
      }
    }
    return run;
  }
}
