package io.millrace.embedded.registry;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** How far the topic has been read, for those who wait until it is far enough. Thread-safe. */
final class ReadPosition {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition progress = lock.newCondition();
  private long position;
  private @Nullable Throwable failure;

  void advance(long to) {
    lock.lock();
    try {
      position = to;
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more will be read. */
  void fail(Throwable cause) {
    lock.lock();
    try {
      failure = cause;
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  Optional<Throwable> failure() {
    lock.lock();
    try {
      return Optional.ofNullable(failure);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until everything before an offset was read.
   *
   * @throws RegistryFault when it was not in time, or never will be
   */
  void await(long offset, Duration limit) {
    lock.lock();
    try {
      long left = limit.toNanos();
      while (position < offset && failure == null && left > 0) {
        left = progress.awaitNanos(left);
      }
      if (position < offset) {
        throw RegistryFault.storeFailed(
            "the schemas' topic cannot be read back: "
                + (failure == null ? "not within " + limit.toSeconds() + " s" : failure));
      }
    } catch (InterruptedException e) {
      throw RegistryFault.interrupted();
    } finally {
      lock.unlock();
    }
  }
}
