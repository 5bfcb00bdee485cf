package io.millrace.benchmarks;

import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends at times that were settled before: a slow answer does not hold the next request back, and
 * latency counts from when the request was due, so that no stall hides behind its own delay
 * (coordinated omission). Arrivals are a Poisson process, the same for the same seed.
 */
final class OpenLoop {

  private static final long SEED = 42;

  private OpenLoop() {}

  /** Something that is due. */
  interface Arrival {

    /**
     * Must not wait.
     *
     * @param dueNanos by {@link System#nanoTime}; latency counts from here
     */
    void at(int number, long dueNanos);
  }

  /** Sends so many, numbered from 0, and returns when the last one was due. */
  static void run(double perSecond, int count, Arrival arrival) {
    SplittableRandom random = new SplittableRandom(SEED);
    long due = System.nanoTime();
    for (int number = 0; number < count; number++) {
      due += (long) (-Math.log(1 - random.nextDouble()) / perSecond * 1e9);
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      arrival.at(number, due);
    }
  }
}
