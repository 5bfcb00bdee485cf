package io.millrace.analytics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Calls of the recent past in {@link #BUCKETS} buckets of equal length, the last of them still
 * filling. Immutable; never holds more buckets than that.
 *
 * @param buckets oldest first; empty ones are left out
 */
record RecentCalls(List<Bucket> buckets) {

  /** How finely the past is divided: it slides on by one bucket at a time. */
  static final int BUCKETS = 12;

  /** No calls. */
  static final RecentCalls NONE = new RecentCalls(List.of());

  RecentCalls {
    buckets = List.copyOf(buckets);
  }

  /**
   * Calls that ended within one bucket.
   *
   * @param startMillis its start, UTC
   */
  record Bucket(long startMillis, long calls, long errors) {}

  /** How many calls there were, and how many of them failed. */
  record Counts(long calls, long errors) {

    double errorRate() {
      return calls == 0 ? 0 : (double) errors / calls;
    }
  }

  /** These and one call more; the same when it is too old to matter. */
  RecentCalls with(long endedAtMillis, boolean failed, long windowMillis) {
    long length = bucketMillis(windowMillis);
    long start = endedAtMillis - endedAtMillis % length;
    long newest = buckets.isEmpty() ? start : Math.max(start, buckets.getLast().startMillis());
    long oldest = newest - (BUCKETS - 1) * length;
    if (start < oldest) {
      return this;
    }
    List<Bucket> next = new ArrayList<>();
    Bucket grown = new Bucket(start, 1, failed ? 1 : 0);
    for (Bucket bucket : buckets) {
      if (bucket.startMillis() == start) {
        grown = new Bucket(start, bucket.calls() + grown.calls(), bucket.errors() + grown.errors());
      } else if (bucket.startMillis() >= oldest) {
        next.add(bucket);
      }
    }
    next.add(grown);
    next.sort(Comparator.comparingLong(Bucket::startMillis));
    return new RecentCalls(next);
  }

  /** The calls of the window that ends now. */
  Counts at(long nowMillis, long windowMillis) {
    long length = bucketMillis(windowMillis);
    long oldest = nowMillis - nowMillis % length - (BUCKETS - 1) * length;
    long calls = 0;
    long errors = 0;
    for (Bucket bucket : buckets) {
      if (bucket.startMillis() >= oldest) {
        calls += bucket.calls();
        errors += bucket.errors();
      }
    }
    return new Counts(calls, errors);
  }

  private static long bucketMillis(long windowMillis) {
    return Math.max(1, windowMillis / BUCKETS);
  }
}
