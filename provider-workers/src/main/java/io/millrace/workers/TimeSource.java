package io.millrace.workers;

import java.time.Duration;
import java.time.Instant;

/** Time, and waiting for it to pass; injected so that tests need neither. Thread-safe. */
interface TimeSource {

  /** The system's time. */
  TimeSource SYSTEM =
      new TimeSource() {
        @Override
        public Instant now() {
          return Instant.now();
        }

        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
          Thread.sleep(duration);
        }
      };

  /** The time of day, for deadlines and records. */
  Instant now();

  /** A clock that never goes back, for durations. */
  long nanoTime();

  /**
   * The same clock as an instant, for times that are only compared with each other: setting the
   * machine's clock back prolongs nothing.
   */
  default Instant steadyNow() {
    return Instant.EPOCH.plusNanos(nanoTime());
  }

  /** Waits on the calling thread. */
  void sleep(Duration duration) throws InterruptedException;
}
