package io.millrace.benchmarks;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests as fast as they are answered, with so many under way at most: what a batch does.
 * Runs on a thread of its own.
 */
final class WindowedLoad implements AutoCloseable {

  private static final long WAIT_NANOS = 1_000_000;

  private final Feed feed;
  private final Results results;
  private final long total;
  private final long window;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Thread thread;
  private volatile boolean closing;

  private WindowedLoad(Feed feed, Results results, long total, long window) {
    this.feed = feed;
    this.results = results;
    this.total = total;
    this.window = window;
    this.thread = Thread.ofPlatform().name("load").unstarted(this::run);
  }

  /** Begins to send; closes the feed at the end. */
  static WindowedLoad start(Feed feed, Results results, long total, long window) {
    WindowedLoad load = new WindowedLoad(feed, results, total, window);
    load.thread.start();
    return load;
  }

  private void run() {
    try (feed) {
      long answered = 0;
      for (long number = 0; number < total; number++) {
        while (number - answered >= window) {
          answered = results.count();
          if (closing) {
            return;
          }
          if (number - answered >= window) {
            LockSupport.parkNanos(WAIT_NANOS);
          }
        }
        feed.send(number);
      }
    } catch (RuntimeException e) {
      failure.set(e);
    }
  }

  /** Throws when it could not send. */
  void checkHealth() {
    Throwable cause = failure.get();
    if (cause != null) {
      throw new IllegalStateException("the load generator stopped", cause);
    }
  }

  @Override
  public void close() throws InterruptedException {
    closing = true;
    thread.join();
  }
}
