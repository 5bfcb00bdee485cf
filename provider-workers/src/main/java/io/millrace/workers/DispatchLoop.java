package io.millrace.workers;

import io.millrace.schemas.avro.Lane;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a provider's dispatch topics and hands each record to a thread of its own. Runs on one
 * thread, which never waits for a call: what cannot be begun waits in memory with its partition
 * paused, and records that came to their end arrive by a queue.
 */
final class DispatchLoop implements Runnable, Delivery.Owner {

  private static final Logger LOG = LoggerFactory.getLogger(DispatchLoop.class);

  /** How long a poll waits while there is nothing to do. */
  private static final Duration IDLE_POLL = Duration.ofMillis(50);

  /** How long a poll waits while records wait for a place in flight. */
  private static final Duration BUSY_POLL = Duration.ofMillis(2);

  private final Consumer<byte[], byte[]> consumer;
  private final Map<String, Lane> lanesByTopic;
  private final java.util.function.Consumer<Delivery> handler;
  private final InFlightLimit limit;
  private final ProviderWorkersConfig config;
  private final TimeSource time;
  private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
  private final PartitionTable partitions;
  private final ProgressCommits commits;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicInteger running = new AtomicInteger();
  private volatile boolean closing;
  private volatile boolean ready;

  /**
   * A loop.
   *
   * @param consumer subscribed, polled and closed by this loop alone
   * @param handler begins the work on a record without waiting; it ends each delivery once
   */
  DispatchLoop(
      Consumer<byte[], byte[]> consumer,
      Map<String, Lane> lanesByTopic,
      java.util.function.Consumer<Delivery> handler,
      InFlightLimit limit,
      ProviderWorkersConfig config,
      TimeSource time,
      WorkerMeters meters) {
    this.consumer = consumer;
    this.lanesByTopic = Map.copyOf(lanesByTopic);
    this.handler = handler;
    this.limit = limit;
    this.config = config;
    this.time = time;
    this.commits = new ProgressCommits(consumer, config.commitInterval(), time, meters, this::fail);
    this.partitions =
        new PartitionTable(consumer, this.lanesByTopic, config, limit, commits, this::settle);
    meters.gauge(WorkerMeters.IN_FLIGHT, running::get);
    meters.gauge(WorkerMeters.PARTITIONS_HELD, partitions::held);
  }

  /** Whether the group has taken this worker in and its progress is known. */
  boolean ready() {
    return ready;
  }

  /** Why the loop ended by itself, if it did. */
  Optional<Throwable> failure() {
    return Optional.ofNullable(failure.get());
  }

  /** Ends the loop after a fault that nobody here can mend. Any thread may call it. */
  @Override
  public void fail(Throwable cause) {
    if (failure.compareAndSet(null, cause)) {
      LOG.error("the worker stops: {}", cause.getMessage(), cause);
    }
    closing = true;
  }

  /** Begins the end: nothing new is begun, calls in flight may finish. Any thread may call it. */
  void requestClose() {
    closing = true;
  }

  @Override
  public void run() {
    try (consumer) {
      consumer.subscribe(lanesByTopic.keySet(), partitions);
      while (!closing) {
        turn();
      }
      drain();
    } catch (RuntimeException e) {
      fail(e);
    } finally {
      ready = false;
    }
  }

  private void turn() {
    partitions.resolveNew();
    partitions.accept(consumer.poll(partitions.hasWaiting() ? BUSY_POLL : IDLE_POLL));
    takeEnded();
    if (!closing) {
      partitions.begin(this::tryBegin);
    }
    partitions.pauseAndResume(closing);
    commits.commitIfDue(partitions.all());
    ready = ready || (partitions.allResolved() && consumer.groupMetadata().generationId() > 0);
  }

  /** Begins the next record of a partition; false when there is no place in flight. */
  private boolean tryBegin(Assignment assignment) {
    if (!limit.tryTake(assignment.lane())) {
      return false;
    }
    ConsumerRecord<byte[], byte[]> record = assignment.takeNext();
    if (record != null) {
      running.incrementAndGet();
      handler.accept(new Delivery(record, assignment, this));
    }
    return true;
  }

  @Override
  public void ended(Delivery delivery, boolean done) {
    ended.add(new Ended(delivery, done));
    running.decrementAndGet();
  }

  private void takeEnded() {
    for (Ended next = ended.poll(); next != null; next = ended.poll()) {
      partitions.ended(next.delivery(), next.done());
    }
  }

  /** Waits, for so long at most, until nothing of these partitions is running. */
  private void settle(Collection<Assignment> leaving) {
    long until = time.nanoTime() + config.revocationGrace().toNanos();
    takeEnded();
    while (leaving.stream().anyMatch(assignment -> assignment.running() > 0)) {
      long left = until - time.nanoTime();
      if (left <= 0) {
        return;
      }
      awaitEnded(left);
    }
  }

  private void awaitEnded(long nanos) {
    try {
      Ended next = ended.poll(nanos, TimeUnit.NANOSECONDS);
      if (next != null) {
        partitions.ended(next.delivery(), next.done());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the poll thread was interrupted", e);
    }
  }

  /** Polls on, so that the group is kept and commits go out, until all calls are over. */
  private void drain() {
    if (failure.get() != null) {
      return;
    }
    long until = time.nanoTime() + config.drainTimeout().toNanos();
    partitions.stopTaking();
    while (running.get() > 0 && time.nanoTime() < until && failure.get() == null) {
      partitions.pauseAndResume(true);
      partitions.accept(consumer.poll(BUSY_POLL));
      partitions.stopTaking();
      takeEnded();
      commits.commitIfDue(partitions.all());
    }
    takeEnded();
    commits.commitNow(partitions.all());
    partitions.forgetAll();
  }

  private record Ended(Delivery delivery, boolean done) {}
}
