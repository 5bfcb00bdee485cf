package io.millrace.workers.gate;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** How long the latest {@value #REMEMBERED} calls that succeeded took. Thread-safe. */
public final class Latencies {

  /** How many are remembered. */
  static final int REMEMBERED = 200;

  /** On fewer than this nothing is said. */
  static final int ENOUGH = 20;

  private static final double PERCENTILE = 0.95;

  private final long[] nanos = new long[REMEMBERED];
  private long added;

  /** Adds a call. */
  public synchronized void add(long latencyNanos) {
    nanos[(int) (added % REMEMBERED)] = latencyNanos;
    added++;
  }

  /** The 95th percentile; empty while too little is known. */
  public synchronized Optional<Duration> p95() {
    int known = (int) Math.min(added, REMEMBERED);
    if (known < ENOUGH) {
      return Optional.empty();
    }
    long[] sorted = Arrays.copyOf(nanos, known);
    Arrays.sort(sorted);
    return Optional.of(Duration.ofNanos(sorted[(int) Math.ceil(PERCENTILE * known) - 1]));
  }
}
