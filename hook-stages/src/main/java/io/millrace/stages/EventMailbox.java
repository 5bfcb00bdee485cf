package io.millrace.stages;

import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events to one taker on a thread of its own, in order. Thread-safe; offering never waits:
 * what finds no room is dropped and counted.
 *
 * @param <E> the kind of event
 */
final class EventMailbox<E> {

  private static final Logger LOG = LoggerFactory.getLogger(EventMailbox.class);

  private final BlockingQueue<E> waiting;
  private final E end;
  private final Consumer<E> taker;
  private final Counter dropped;
  private final Thread thread;

  /**
   * A mailbox, whose thread does not run yet.
   *
   * @param capacity how many events wait at most
   * @param end an instance that no event is; the last one the thread takes
   * @param taker must not throw
   */
  EventMailbox(String thread, int capacity, E end, Consumer<E> taker, Counter dropped) {
    this.waiting = new ArrayBlockingQueue<>(capacity);
    this.end = end;
    this.taker = taker;
    this.dropped = dropped;
    this.thread = Thread.ofVirtual().name(thread).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  void offer(E event) {
    if (!waiting.offer(event)) {
      dropped.increment();
    }
  }

  /** Ends the thread after the event in hand. */
  void stop() {
    waiting.clear();
    finish();
  }

  /** Ends the thread after what waits already. */
  void finish() {
    while (!waiting.offer(end)) {
      waiting.poll();
    }
  }

  /** Waits for the thread to end; interrupts it when it takes too long. */
  void awaitEnd(Duration timeout) {
    try {
      if (!thread.join(timeout)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      for (E event = waiting.take(); event != end; event = waiting.take()) {
        taker.accept(event);
      }
    } catch (InterruptedException e) {
      LOG.debug("the end came before every event was taken", e);
    }
  }
}
