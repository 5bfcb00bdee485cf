package io.millrace.workers;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** The system's time, as far ahead as a test wants it. Thread-safe. */
final class AheadTime implements TimeSource {

  private final AtomicLong aheadNanos = new AtomicLong();

  /** From now on it is so far ahead of the system's. */
  void setAhead(Duration by) {
    aheadNanos.set(by.toNanos());
  }

  @Override
  public Instant now() {
    return SYSTEM.now().plusNanos(aheadNanos.get());
  }

  @Override
  public long nanoTime() {
    return SYSTEM.nanoTime() + aheadNanos.get();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    SYSTEM.sleep(duration);
  }
}
