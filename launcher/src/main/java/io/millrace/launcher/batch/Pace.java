package io.millrace.launcher.batch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says how fast a run is, over the last half minute, and how long it will take. Not thread-safe.
 */
final class Pace {

  private static final long SAMPLE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int SAMPLES = 30;
  private static final double NANOS_PER_SECOND = 1e9;

  private final Deque<Sample> samples = new ArrayDeque<>();

  private record Sample(long atNanos, long written) {}

  /** Notes how many results are written by now. */
  void note(long nowNanos, long written) {
    if (samples.isEmpty() || nowNanos - samples.getLast().atNanos() >= SAMPLE_NANOS) {
      samples.addLast(new Sample(nowNanos, written));
    }
    if (samples.size() > SAMPLES) {
      samples.removeFirst();
    }
  }

  /** Whether the first second is over. */
  boolean known() {
    return samples.size() > 1;
  }

  /** Results per second; 0 before the first second is over. */
  double perSecond() {
    if (!known()) {
      return 0;
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    return (last.written() - first.written())
        * NANOS_PER_SECOND
        / (last.atNanos() - first.atNanos());
  }

  /** How long the rest will take at this pace; empty when the total or the pace is not known. */
  Optional<Duration> remaining(@Nullable Long totalLines, long doneLines) {
    double perSecond = perSecond();
    if (totalLines == null || perSecond <= 0) {
      return Optional.empty();
    }
    long left = Math.max(0, totalLines - doneLines);
    return Optional.of(Duration.ofSeconds((long) Math.ceil(left / perSecond)));
  }
}
