package io.millrace.ingest;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Whether anybody wants what a watcher reads: a watcher whom nobody needs sleeps, and one who woke
 * begins at the end of its topic. Thread-safe.
 */
final class Attention {

  /** How long a watcher reads on when nobody needs it any more: waking takes a few milliseconds. */
  static final Duration LINGER = Duration.ofSeconds(10);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final BooleanSupplier needed;
  private final long lingerNanos;
  private boolean reading = true;
  private boolean closed;
  private long lastNeededNanos = System.nanoTime();

  Attention(BooleanSupplier needed, Duration linger) {
    this.needed = needed;
    this.lingerNanos = linger.toNanos();
  }

  /**
   * For whoever needs the watcher, after it has become one of those who do: waits until everything
   * that is written from now on will be seen.
   *
   * @return false when that takes longer than the time-out
   */
  boolean awaitReading(Duration timeout) throws InterruptedException {
    long left = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      changed.signalAll();
      while (!reading && !closed) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return reading;
    } finally {
      lock.unlock();
    }
  }

  /**
   * For the watcher, before it reads on: sleeps while nobody needs it.
   *
   * @return true when it slept, and has to find the end of its topic
   */
  boolean rest() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (needed.getAsBoolean()) {
        lastNeededNanos = System.nanoTime();
      } else if (System.nanoTime() - lastNeededNanos >= lingerNanos) {
        reading = false;
      }
      while (!reading && !closed && !needed.getAsBoolean()) {
        changed.await(1, TimeUnit.MINUTES);
      }
      return !reading && !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Whether everything that is written now will be seen. */
  boolean reading() {
    lock.lock();
    try {
      return reading;
    } finally {
      lock.unlock();
    }
  }

  /** For the watcher: it is at the end of its topic. */
  void awake() {
    lock.lock();
    try {
      reading = true;
      lastNeededNanos = System.nanoTime();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all rest. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
