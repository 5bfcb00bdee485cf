package io.millrace.benchmarks;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;

/** Latencies of one load. Thread-safe while it is filled; read when it is full. */
final class Latencies {

  private static final int DIGITS = 3;
  private static final long MAX_MICROS = TimeUnit.MINUTES.toMicros(5);

  private final ConcurrentHistogram micros = new ConcurrentHistogram(MAX_MICROS, DIGITS);

  void recordNanos(long nanos) {
    micros.recordValue(Math.min(MAX_MICROS, Math.max(0, nanos / 1_000)));
  }

  long count() {
    return micros.getTotalCount();
  }

  double millisAt(double percentile) {
    return micros.getValueAtPercentile(percentile) / 1e3;
  }
}
