package io.millrace.workers.engine;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Platform threads that compute: as many as calls may run at once. Virtual threads would be no use
 * here, because computing in a native library holds their carrier. Waiting calls are bounded, wait
 * no longer than their time-out, and give their place up when their caller is interrupted.
 * Thread-safe.
 */
final class InferencePool implements AutoCloseable {

  /** How long calls may take to notice that the worker stops. */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  /** Its queue is bounded by the places. */
  private final ThreadPoolExecutor threads;

  /** One for each call that computes or waits. */
  private final Semaphore places;

  private final EngineMeters meters;

  InferencePool(String provider, int concurrent, int maxQueued, EngineMeters meters) {
    this.meters = meters;
    this.places = new Semaphore(concurrent + maxQueued);
    this.threads =
        new ThreadPoolExecutor(
            concurrent,
            concurrent,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
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
   * @throws RejectedExecutionException when too many wait, or after close
   * @throws TimeoutException when it takes longer; what was begun is interrupted
   * @throws ExecutionException with what it threw
   */
  <T> T call(Callable<T> work, Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (!places.tryAcquire()) {
      throw new RejectedExecutionException("too many calls wait");
    }
    Call<T> call = new Call<>(work);
    try {
      threads.execute(call);
      return call.result.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      call.giveUp();
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

  /** A call, which has a place until it has computed or is out of the queue. */
  private final class Call<T> implements Runnable {

    private final FutureTask<T> result;
    private final AtomicBoolean left = new AtomicBoolean();

    Call(Callable<T> work) {
      long submitted = System.nanoTime();
      this.result =
          new FutureTask<>(
              () -> {
                meters.waited(Duration.ofNanos(System.nanoTime() - submitted));
                try {
                  return work.call();
                } finally {
                  leave(); // before anyone is told: who calls again at once must find a place
                }
              });
    }

    @Override
    public void run() {
      try {
        result.run();
      } finally {
        leave(); // a call that was given up before it began
      }
    }

    /** Nobody waits for it any more; has no effect where it has its result. */
    void giveUp() {
      if (result.cancel(true) && threads.remove(this)) {
        leave();
      }
    }

    private void leave() {
      if (left.compareAndSet(false, true)) {
        places.release();
      }
    }
  }
}
