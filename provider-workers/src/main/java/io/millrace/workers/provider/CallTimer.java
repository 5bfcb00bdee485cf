package io.millrace.workers.provider;

import java.time.Duration;

/**
 * The time limits of one call: until the head of the answer, between two pieces of it, and for all
 * of it. Each wait is as long as its own limit and the rest of the whole allow. For one thread.
 */
final class CallTimer {

  /** More counts as this, so that nothing overflows. */
  private static final Duration MAX = Duration.ofDays(1);

  private final HttpSettings settings;
  private final Duration total;
  private final long startNanos = System.nanoTime();

  CallTimer(HttpSettings settings, Duration total) {
    this.settings = settings;
    this.total = total.compareTo(MAX) > 0 ? MAX : total;
  }

  /** How long to wait for the head of the answer, in nanoseconds. */
  long headNanos() {
    return Math.min(settings.firstByteTimeout().toNanos(), leftNanos());
  }

  /** How long to wait for the next piece of the answer, in nanoseconds. */
  long pieceNanos() {
    return Math.min(settings.idleTimeout().toNanos(), leftNanos());
  }

  /** What a wait for the head ends with. */
  CallTimeoutException headMissing() {
    return leftNanos() <= 0
        ? totalPassed()
        : new CallTimeoutException(
            "did not begin to answer within %d ms (first_byte_timeout_ms)"
                .formatted(settings.firstByteTimeout().toMillis()));
  }

  /** What a wait for the next piece ends with. */
  CallTimeoutException pieceMissing() {
    return leftNanos() <= 0
        ? totalPassed()
        : new CallTimeoutException(
            "fell silent for %d ms amid its answer (idle_timeout_ms)"
                .formatted(settings.idleTimeout().toMillis()));
  }

  private CallTimeoutException totalPassed() {
    return new CallTimeoutException("did not answer within %d ms".formatted(total.toMillis()));
  }

  private long leftNanos() {
    return total.toNanos() - (System.nanoTime() - startNanos);
  }
}
