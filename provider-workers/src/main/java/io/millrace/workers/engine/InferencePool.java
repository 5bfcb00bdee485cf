package io.millrace.workers.engine;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Platform threads that compute: as many as calls may run at once. Virtual threads would be no use
 * here, because computing in a native library holds their carrier. Waiting calls are bounded, wait
 * no longer than their time-out, and give their place up when their caller is interrupted.
 * Thread-safe.
 */
final class InferencePool implements AutoCloseable {

  /** How long calls may take to notice that the worker stops. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private final ThreadPoolExecutor threads;
  private final EngineMeters meters;

  InferencePool(String provider, int concurrent, int maxQueued, EngineMeters meters) {
    this.meters = meters;
    BlockingQueue<Runnable> queue =
        maxQueued == 0 ? new SynchronousQueue<>() : new ArrayBlockingQueue<>(maxQueued);
    this.threads =
        new ThreadPoolExecutor(
            concurrent,
            concurrent,
            0,
            TimeUnit.SECONDS,
            queue,
            Thread.ofPlatform().daemon().name("millrace-engine-" + provider + "-", 0).factory());
  }

  /** Calls that wait. */
  int queued() {
    return threads.getQueue().size();
  }

  /**
   * Computes on one of the threads, and waits for it.
   *
   * @param timeout the most that waiting and computing may take together
   * @throws java.util.concurrent.RejectedExecutionException when too many wait, or after close
   * @throws TimeoutException when it takes longer; what was begun is interrupted
   * @throws ExecutionException with what it threw
   */
  <T> T call(Callable<T> work, Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    long submitted = System.nanoTime();
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              meters.waited(Duration.ofNanos(System.nanoTime() - submitted));
              return work.call();
            });
    threads.execute(task);
    try {
      return task.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      if (task.cancel(true)) {
        threads.remove(task);
      }
    }
  }

  /** Ends the threads; whether none is computing any more. */
  boolean stop() throws InterruptedException {
    threads.shutdownNow();
    return threads.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
