package io.millrace.workers;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Attempts that this process works on or has finished lately, so that one dispatched twice is
 * called once. Finished ones are forgotten oldest first. Thread-safe.
 */
final class RecentAttempts {

  private final Map<String, CompletableFuture<Boolean>> running = new ConcurrentHashMap<>();
  private final Map<String, Boolean> finished;
  private final ReentrantLock finishedLock = new ReentrantLock();

  /** A memory of so many finished attempts. */
  RecentAttempts(int maxFinished) {
    this.finished =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > maxFinished;
          }
        };
  }

  /**
   * Asks to begin an attempt; who is let begin calls {@link #end} exactly once. Waits where the
   * attempt is under way.
   *
   * @return false when it has been finished, by whoever it was
   */
  boolean begin(String callId) throws InterruptedException {
    while (true) {
      CompletableFuture<Boolean> mine = new CompletableFuture<>();
      CompletableFuture<Boolean> other = running.putIfAbsent(callId, mine);
      if (other == null) {
        return !endIfFinished(callId, mine);
      }
      if (await(other)) {
        return false;
      }
    }
  }

  /**
   * Ends an attempt.
   *
   * @param done false when it must be begun anew, by whoever gets it next
   */
  void end(String callId, boolean done) {
    if (done) {
      remember(callId);
    }
    CompletableFuture<Boolean> mine = running.remove(callId);
    if (mine != null) {
      mine.complete(done);
    }
  }

  /** Finished attempts are remembered before they leave the running ones, so this misses none. */
  private boolean endIfFinished(String callId, CompletableFuture<Boolean> mine) {
    boolean known;
    finishedLock.lock();
    try {
      known = finished.containsKey(callId);
    } finally {
      finishedLock.unlock();
    }
    if (known) {
      running.remove(callId, mine);
      mine.complete(true);
    }
    return known;
  }

  private void remember(String callId) {
    finishedLock.lock();
    try {
      finished.put(callId, Boolean.TRUE);
    } finally {
      finishedLock.unlock();
    }
  }

  private static boolean await(CompletableFuture<Boolean> other) throws InterruptedException {
    try {
      return other.get();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException("attempts end with a value, never with an exception", e);
    }
  }
}
