package io.millrace.workers;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries being worked on, and those that came to their end and were not noted yet. Begun
 * and noted by the poll thread; any thread may end one.
 */
final class Ongoing {

  private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
  private final AtomicInteger running = new AtomicInteger();
  private final LaneMeters meters;

  Ongoing(LaneMeters meters) {
    this.meters = meters;
  }

  void begun() {
    running.incrementAndGet();
  }

  void ended(Delivery delivery, Ending ending) {
    ended.add(new Ended(delivery, ending));
    running.decrementAndGet();
    meters.ended(delivery.assignment().lane());
  }

  /** How many are being worked on. */
  int running() {
    return running.get();
  }

  /** One that came to its end; null when there is none. */
  @Nullable Ended next() {
    return ended.poll();
  }

  /** The same, but waits for one so long. */
  @Nullable Ended next(long nanos) {
    try {
      return ended.poll(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the poll thread was interrupted", e);
    }
  }

  /** The end of a delivery. */
  record Ended(Delivery delivery, Ending ending) {}
}
