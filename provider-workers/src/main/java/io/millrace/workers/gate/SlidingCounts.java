package io.millrace.workers.gate;

import java.time.Duration;
import java.util.Arrays;

/**
 * Counts two kinds of things over the recent past, in buckets of a tenth of it: what is counted
 * leaves again after nine to ten tenths. Time is that of {@link System#nanoTime}, which may be
 * negative and never goes back. Not thread-safe.
 */
final class SlidingCounts {

  /** Into how many buckets the past is divided. */
  static final int BUCKETS = 10;

  private final long bucketNanos;
  private final long[] epochs = new long[BUCKETS];
  private final long[] firsts = new long[BUCKETS];
  private final long[] seconds = new long[BUCKETS];

  /** Counts over so much time, at least 1 ms. */
  SlidingCounts(Duration length) {
    this.bucketNanos = Math.max(1, length.toNanos() / BUCKETS);
    clear();
  }

  void addFirst(long nowNanos) {
    firsts[bucket(nowNanos)]++;
  }

  void addSecond(long nowNanos) {
    seconds[bucket(nowNanos)]++;
  }

  long firsts(long nowNanos) {
    return sum(firsts, nowNanos);
  }

  long seconds(long nowNanos) {
    return sum(seconds, nowNanos);
  }

  /** Forgets everything. */
  void clear() {
    Arrays.fill(epochs, Long.MIN_VALUE);
    Arrays.fill(firsts, 0);
    Arrays.fill(seconds, 0);
  }

  private int bucket(long nowNanos) {
    long epoch = Math.floorDiv(nowNanos, bucketNanos);
    int bucket = Math.floorMod(epoch, BUCKETS);
    if (epochs[bucket] < epoch) {
      epochs[bucket] = epoch;
      firsts[bucket] = 0;
      seconds[bucket] = 0;
    }
    return bucket;
  }

  private long sum(long[] counts, long nowNanos) {
    long oldest = Math.floorDiv(nowNanos, bucketNanos) - BUCKETS + 1;
    long sum = 0;
    for (int i = 0; i < BUCKETS; i++) {
      if (epochs[i] >= oldest) {
        sum += counts[i];
      }
    }
    return sum;
  }
}
