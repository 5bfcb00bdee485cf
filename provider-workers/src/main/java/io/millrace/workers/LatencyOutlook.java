package io.millrace.workers;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How long a model usually takes: the median of its latest {@value #SAMPLES} answers, where {@value
 * #ENOUGH} of them are younger than {@link #MAX_AGE}. What is older says nothing any more, so a
 * model that was slow, and is therefore not called, is called again after that time. Thread-safe.
 */
final class LatencyOutlook {

  /** How many answers of a model are remembered. */
  static final int SAMPLES = 64;

  /** With fewer than these nothing is said. */
  static final int ENOUGH = 20;

  /** How long an answer counts. */
  static final Duration MAX_AGE = Duration.ofSeconds(60);

  /** The most models; of others nothing is said. */
  private static final int MAX_MODELS = 1_000;

  private final TimeSource time;
  private final Map<String, Recent> models = new ConcurrentHashMap<>();

  LatencyOutlook(TimeSource time) {
    this.time = time;
  }

  /** Takes note of a call that was answered. */
  void answered(String model, long latencyMicros) {
    Recent known = models.get(model);
    if (known == null && models.size() < MAX_MODELS) {
      known = models.computeIfAbsent(model, name -> new Recent());
    }
    if (known != null) {
      known.add(latencyMicros, time.nanoTime());
    }
  }

  /**
   * The median, if it is longer than the time that is left; empty when it is not, or too little is
   * known. Costs next to nothing while no answer ever took as long as that.
   */
  Optional<Duration> longerThan(Duration left, String model) {
    Recent known = models.get(model);
    return known == null || known.neverTook(left)
        ? Optional.empty()
        : known
            .median(time.nanoTime() - MAX_AGE.toNanos())
            .filter(median -> median.compareTo(left) > 0);
  }

  /** A ring of the latest answers of one model. */
  private static final class Recent {

    private final ReentrantLock lock = new ReentrantLock();
    private final long[] micros = new long[SAMPLES];
    private final long[] atNanos = new long[SAMPLES];
    private volatile long longestMicros;
    private int count;
    private int next;

    void add(long latencyMicros, long nowNanos) {
      lock.lock();
      try {
        micros[next] = latencyMicros;
        longestMicros = Math.max(longestMicros, latencyMicros);
        atNanos[next] = nowNanos;
        next = (next + 1) % SAMPLES;
        count = Math.min(count + 1, SAMPLES);
      } finally {
        lock.unlock();
      }
    }

    boolean neverTook(Duration time) {
      return time.compareTo(Duration.ofNanos(longestMicros * 1_000)) >= 0;
    }

    Optional<Duration> median(long sinceNanos) {
      long[] young = youngerThan(sinceNanos);
      if (young.length < ENOUGH) {
        return Optional.empty();
      }
      Arrays.sort(young);
      return Optional.of(Duration.ofNanos(young[young.length / 2] * 1_000));
    }

    private long[] youngerThan(long sinceNanos) {
      long[] young = new long[SAMPLES];
      int found = 0;
      lock.lock();
      try {
        for (int i = 0; i < count; i++) {
          if (atNanos[i] - sinceNanos >= 0) {
            young[found++] = micros[i];
          }
        }
      } finally {
        lock.unlock();
      }
      return Arrays.copyOf(young, found);
    }
  }
}
