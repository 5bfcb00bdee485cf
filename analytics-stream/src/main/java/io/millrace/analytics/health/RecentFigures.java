package io.millrace.analytics.health;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;

/**
 * Calls of the last minute in {@link #BUCKETS} buckets, and the latencies of the last {@link
 * #RECENT} that succeeded. Bounded by both, and by {@link #MAX_BINS} bins in each bucket's sketch.
 * Not thread-safe.
 */
final class RecentFigures {

  /** How far back calls count, in milliseconds. */
  static final long WINDOW_MILLIS = Duration.ofMinutes(1).toMillis();

  /** How finely the window slides. */
  static final int BUCKETS = 12;

  /** Over how many calls the recent mean goes (R2 of the load-balance score: the last five). */
  static final int RECENT = 5;

  /** The most bins in a sketch; at 2 % this is a range of 1 to 10^8. */
  static final int MAX_BINS = 512;

  private static final double RELATIVE_ACCURACY = 0.02;
  private static final long BUCKET_MILLIS = WINDOW_MILLIS / BUCKETS;

  private final Deque<Bucket> buckets = new ArrayDeque<>(BUCKETS + 1);
  private final Deque<Long> recentMicros = new ArrayDeque<>(RECENT + 1);
  private long lastP50Micros;
  private long lastP95Micros;

  /** Calls that ended within one bucket. */
  static final class Bucket {
    final long startMillis;
    final DDSketch latencies;
    long successes;
    long faults;
    long throttled;
    long busyMicros;

    Bucket(long startMillis, DDSketch latencies) {
      this.startMillis = startMillis;
      this.latencies = latencies;
    }
  }

  /**
   * Sums of the window.
   *
   * @param load calls in flight on average, by Little's law: time spent over time passed
   */
  record Sums(
      long successes,
      long faults,
      long throttled,
      double load,
      long p50Micros,
      long p95Micros,
      long recentMeanMicros) {

    /** Calls that say whether the model works. */
    long judged() {
      return successes + faults;
    }

    /** Share of those that succeeded; 1 without any. */
    double successRate() {
      return judged() == 0 ? 1 : (double) successes / judged();
    }

    /** Share of all calls that were turned away as too many; 0 without any. */
    double throttledShare() {
      long all = judged() + throttled;
      return all == 0 ? 0 : (double) throttled / all;
    }
  }

  static DDSketch sketch() {
    return DDSketches.collapsingLowestDense(RELATIVE_ACCURACY, MAX_BINS);
  }

  void add(Finding finding, long latencyMicros, long nowMillis) {
    Bucket bucket = current(nowMillis);
    long micros = Math.max(0, latencyMicros);
    switch (finding) {
      case SUCCESS -> {
        bucket.successes++;
        bucket.latencies.accept(micros);
        recent(micros);
      }
      case FAULT -> bucket.faults++;
      case THROTTLED -> bucket.throttled++;
      case NOTHING -> {}
    }
    bucket.busyMicros = saturated(bucket.busyMicros, micros);
  }

  /** The sums as of now; also forgets what is too old. */
  Sums sums(long nowMillis) {
    dropOld(nowMillis);
    long successes = 0;
    long faults = 0;
    long throttled = 0;
    long busyMicros = 0;
    DDSketch latencies = sketch();
    for (Bucket bucket : buckets) {
      successes += bucket.successes;
      faults += bucket.faults;
      throttled += bucket.throttled;
      busyMicros = saturated(busyMicros, bucket.busyMicros);
      latencies.mergeWith(bucket.latencies);
    }
    if (!latencies.isEmpty()) {
      lastP50Micros = Math.round(latencies.getValueAtQuantile(0.50));
      lastP95Micros = Math.round(latencies.getValueAtQuantile(0.95));
    }
    return new Sums(
        successes,
        faults,
        throttled,
        load(busyMicros, nowMillis),
        lastP50Micros,
        lastP95Micros,
        recentMeanMicros());
  }

  /** The counts alone, without percentiles: cheap enough for every call. */
  Sums counts(long nowMillis) {
    dropOld(nowMillis);
    long successes = 0;
    long faults = 0;
    long throttled = 0;
    for (Bucket bucket : buckets) {
      successes += bucket.successes;
      faults += bucket.faults;
      throttled += bucket.throttled;
    }
    return new Sums(successes, faults, throttled, 0, lastP50Micros, lastP95Micros, 0);
  }

  /** Begins anew; latencies stay known. */
  void clear() {
    buckets.clear();
  }

  Collection<Bucket> buckets() {
    return buckets;
  }

  Collection<Long> recentMicros() {
    return recentMicros;
  }

  long lastP50Micros() {
    return lastP50Micros;
  }

  long lastP95Micros() {
    return lastP95Micros;
  }

  /** Takes over what was kept. */
  void restore(Collection<Bucket> kept, Collection<Long> recent, long p50Micros, long p95Micros) {
    buckets.addAll(kept);
    recent.forEach(this::recent);
    lastP50Micros = p50Micros;
    lastP95Micros = p95Micros;
  }

  private Bucket current(long nowMillis) {
    Bucket last = buckets.peekLast();
    // A clock that goes back fills the newest bucket on, so that buckets stay in order.
    if (last != null && nowMillis - last.startMillis < BUCKET_MILLIS) {
      return last;
    }
    Bucket added = new Bucket(nowMillis - Math.floorMod(nowMillis, BUCKET_MILLIS), sketch());
    buckets.addLast(added);
    if (buckets.size() > BUCKETS) {
      buckets.removeFirst();
    }
    return added;
  }

  private void dropOld(long nowMillis) {
    while (!buckets.isEmpty() && nowMillis - buckets.getFirst().startMillis >= WINDOW_MILLIS) {
      buckets.removeFirst();
    }
  }

  private double load(long busyMicros, long nowMillis) {
    if (buckets.isEmpty()) {
      return 0;
    }
    long spanMillis = Math.max(BUCKET_MILLIS, nowMillis - buckets.getFirst().startMillis);
    return busyMicros / 1_000.0 / spanMillis;
  }

  private void recent(long micros) {
    recentMicros.addLast(micros);
    if (recentMicros.size() > RECENT) {
      recentMicros.removeFirst();
    }
  }

  private long recentMeanMicros() {
    return (long) recentMicros.stream().mapToDouble(Long::doubleValue).average().orElse(0);
  }

  private static long saturated(long sum, long more) {
    long total = sum + more;
    return total < 0 ? Long.MAX_VALUE : total;
  }
}
