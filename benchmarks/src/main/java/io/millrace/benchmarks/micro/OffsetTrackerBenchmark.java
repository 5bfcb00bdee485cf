package io.millrace.benchmarks.micro;

import io.millrace.workers.offset.Commit;
import io.millrace.workers.offset.OffsetTracker;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A worker's offsets with thousands of calls open: each record is taken and, later and out of
 * order, completed.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class OffsetTrackerBenchmark {

  private static final int OPEN = 2_500;
  private static final int RECORDS = 10_000;
  private static final int COMMIT_EVERY = 1_000;
  private static final int MAX_METADATA_CHARACTERS = 4_096;

  private final OffsetTracker tracker =
      OffsetTracker.resume(new Commit(0, ""), MAX_METADATA_CHARACTERS);
  private final SplittableRandom random = new SplittableRandom(1);
  private final long[] open = new long[OPEN];

  /** Opens the calls that are under way all the time. */
  public OffsetTrackerBenchmark() {
    for (int i = 0; i < OPEN; i++) {
      open[i] = i;
      tracker.take(i);
    }
  }

  /** One record through; a commit comes with every thousand. */
  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public long takeAndComplete() {
    long commits = 0;
    for (int i = 0; i < RECORDS; i++) {
      int slot = next();
      tracker.complete(open[slot]);
      long offset = tracker.position();
      if (!tracker.canTake(offset)) {
        throw new IllegalStateException("the marks would not fit at offset " + offset);
      }
      tracker.take(offset);
      open[slot] = offset;
      if (i % COMMIT_EVERY == 0) {
        commits += tracker.commit().metadata().length();
      }
    }
    return commits;
  }

  /** Calls take about as long as each other: who began first is soon over. */
  private int next() {
    int oldest = 0;
    for (int tries = 0; tries < 8; tries++) {
      int candidate = random.nextInt(OPEN);
      oldest = open[candidate] < open[oldest] ? candidate : oldest;
    }
    return oldest;
  }
}
