package io.millrace.workers.offset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Drives trackers at random over a log with gaps, some of it left and taken later in any order or
 * found to be gone, through commits, failed commits, rebalances and crashes, beside a model that
 * keeps plain sets.
 */
class OffsetTrackerPropertyTest {

  private static final int RUNS = 150;
  private static final int STEPS = 1_200;

  @ParameterizedTest
  @ValueSource(ints = {64, 100, 300, 4_096})
  void shouldRepeatOnlyWhatWasOpenAndLoseNothing(int maxCharacters) {
    for (int run = 0; run < RUNS; run++) {
      long seed = maxCharacters * 10_000L + run;
      try {
        new Scenario(seed, maxCharacters).play();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private static final class Scenario {

    private final Random random;
    private final int maxCharacters;
    private final int maxOpen;
    private final List<Long> log = new ArrayList<>();
    private final Set<Long> doneForGood = new HashSet<>();
    private final List<Long> running = new ArrayList<>();
    private final TreeSet<Long> left = new TreeSet<>();
    private final int leavePercent;
    private final Set<Long> doneSinceCommit = new HashSet<>();
    private OffsetTracker tracker;
    private Commit committed;
    private int next;

    Scenario(long seed, int maxCharacters) {
      this.random = new Random(seed);
      this.maxCharacters = maxCharacters;
      this.maxOpen = 1 + random.nextInt(random.nextBoolean() ? 20 : 2_000);
      long offset = random.nextInt(1_000);
      this.leavePercent = random.nextInt(3) * 45;
      int gapPercent = random.nextInt(3) * 20;
      for (int i = 0; i < STEPS; i++) {
        offset += random.nextInt(100) < gapPercent ? 1 + random.nextInt(400) : 1;
        log.add(offset);
      }
      this.committed = new Commit(log.getFirst() - random.nextInt(3), "");
      this.tracker = OffsetTracker.resume(committed, maxCharacters);
    }

    void play() {
      for (int step = 0; step < STEPS * 3; step++) {
        switch (random.nextInt(40)) {
          case 0, 1 -> commit();
          case 2 -> tracker.commitFailed();
          case 3 -> changeOwner(random.nextBoolean());
          case 4, 5, 6, 7, 8, 9 -> takeLeft();
          case 10 -> giveBack();
          case 11 -> vanish();
          default -> work();
        }
      }
      finish();
    }

    private void work() {
      boolean takes = random.nextInt(100) < 55;
      if (takes && next < log.size() && running.size() < maxOpen) {
        takeNext();
      } else if (!running.isEmpty()) {
        completeOne();
      }
    }

    private void takeNext() {
      long offset = log.get(next);
      if (!tracker.canTake(offset)) {
        boolean mustGoOn = running.isEmpty() && left.isEmpty();
        assertThat(!mustGoOn || (sweep() && tracker.canTake(offset)))
            .as("held back while nothing is open")
            .isTrue();
        return;
      }
      next++;
      boolean leaves = random.nextInt(100) < leavePercent;
      if (leaves && !tracker.isDone(offset) && tracker.canLeave(offset)) {
        tracker.leave(offset);
        left.add(offset);
        return;
      }
      if (tracker.take(offset)) {
        assertThat(doneForGood.contains(offset))
            .as("%s was repeated though done", offset)
            .isFalse();
        running.add(offset);
      } else {
        assertThat(doneForGood.contains(offset)).as("%s was skipped though open", offset).isTrue();
      }
    }

    private void takeLeft() {
      if (left.isEmpty()) {
        return;
      }
      long some = left.first() + random.nextLong(left.last() - left.first() + 1);
      Long offset = random.nextBoolean() ? left.first() : left.ceiling(some);
      if (offset != null && running.size() < maxOpen && tracker.canTake(offset)) {
        tracker.takeLeft(offset);
        left.remove(offset);
        running.add(offset);
      }
    }

    private void giveBack() {
      if (!running.isEmpty()) {
        long offset = running.remove(random.nextInt(running.size()));
        tracker.giveBack(offset);
        left.add(offset);
      }
    }

    /** Some of what is left is gone: for the model it is done. */
    private void vanish() {
      if (!left.isEmpty()) {
        long from = left.first() + random.nextLong(left.last() - left.first() + 1);
        long to = tracker.forget(from, Math.min(tracker.position(), from + random.nextInt(300)));
        SortedSet<Long> gone = to > from ? left.subSet(from, to) : new TreeSet<>();
        doneSinceCommit.addAll(gone);
        gone.clear();
      }
    }

    /** Gaps that were left with what follows them; true when none is left. */
    private boolean sweep() {
      long to = left.isEmpty() ? tracker.position() : left.first();
      return tracker.forget(tracker.low(), to) == to;
    }

    private void completeOne() {
      int index = random.nextInt(3) == 0 ? 0 : random.nextInt(running.size());
      long offset = running.remove(index);
      tracker.complete(offset);
      doneSinceCommit.add(offset);
      if (random.nextInt(4) == 0) {
        checkCommit(tracker.commit());
        tracker.commitFailed();
      }
    }

    private void commit() {
      committed = tracker.commit();
      checkCommit(committed);
      doneForGood.addAll(doneSinceCommit);
      doneSinceCommit.clear();
    }

    /** With a commit it is a rebalance, without one a crash. */
    private void changeOwner(boolean commits) {
      if (commits) {
        commit();
      }
      running.clear();
      left.clear();
      doneSinceCommit.clear();
      assertThat(OffsetTracker.understands(committed)).isTrue();
      tracker = OffsetTracker.resume(committed, maxCharacters);
      next = 0;
      while (next < log.size() && log.get(next) < committed.offset()) {
        assertThat(doneForGood.contains(log.get(next))).as("%s is lost", log.get(next)).isTrue();
        next++;
      }
    }

    private void checkCommit(Commit commit) {
      assertThat(commit.metadata().length()).isLessThanOrEqualTo(maxCharacters);
      if (!running.isEmpty()) {
        assertThat(commit.offset()).isLessThanOrEqualTo(Collections.min(running));
      }
      if (!left.isEmpty()) {
        assertThat(commit.offset()).isLessThanOrEqualTo(left.first());
      }
    }

    /** The first that is left may always be taken when nothing runs. */
    private void finishLeft() {
      if (!left.isEmpty()) {
        long offset = left.removeFirst();
        assertThat(tracker.canTake(offset)).as("the lowest open one may be taken").isTrue();
        tracker.takeLeft(offset);
        running.add(offset);
      }
    }

    private void finish() {
      while (next < log.size() || !running.isEmpty() || !left.isEmpty()) {
        if (next < log.size() && tracker.canTake(log.get(next))) {
          takeNext();
        } else if (!running.isEmpty()) {
          completeOne();
        } else {
          assertThat(sweep()).isTrue();
          finishLeft();
        }
      }
      assertThat(sweep()).isTrue();
      commit();
      assertThat(doneForGood.containsAll(log)).isTrue();
      assertThat(committed).isEqualTo(new Commit(log.getLast() + 1, ""));
    }
  }
}
