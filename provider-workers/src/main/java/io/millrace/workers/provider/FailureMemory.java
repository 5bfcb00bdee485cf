package io.millrace.workers.provider;

import java.util.LinkedHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** How often calls have failed, by call id. Thread-safe. */
final class FailureMemory {

  /** The oldest failures are forgotten past this many call ids. */
  private static final int MAX_REMEMBERED = 10_000;

  private final LinkedHashMap<String, Integer> failures = new LinkedHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();

  int of(String callId) {
    lock.lock();
    try {
      return failures.getOrDefault(callId, 0);
    } finally {
      lock.unlock();
    }
  }

  void remember(String callId, int count) {
    lock.lock();
    try {
      failures.remove(callId);
      if (count > 0) {
        failures.put(callId, count);
      }
      if (failures.size() > MAX_REMEMBERED) {
        failures.pollFirstEntry();
      }
    } finally {
      lock.unlock();
    }
  }
}
