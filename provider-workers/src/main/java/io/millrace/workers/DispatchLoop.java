package io.millrace.workers;

import io.millrace.schemas.avro.Lane;
import io.millrace.workers.Backlog.Waiting;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Reads a provider's dispatch topics and hands each record to a thread of its own. Runs on one
 * thread, which never waits for a call: what cannot be begun is held in memory, and records that
 * came to their end arrive by a queue.
 */
final class DispatchLoop implements Runnable, Delivery.Owner {

  private static final Logger LOG = LoggerFactory.getLogger(DispatchLoop.class);

  /** How long a poll waits while there is nothing to do. */
  private static final Duration IDLE_POLL = Duration.ofMillis(50);

  /** How long a poll waits while records wait for a place in flight. */
  private static final Duration BUSY_POLL = Duration.ofMillis(2);

  private final Consumer<byte[], byte[]> consumer;
  private final SecondReader again;
  private final Map<String, Lane> lanesByTopic;
  private final java.util.function.Consumer<Delivery> handler;
  private final InFlightLimit limit;
  private final ProviderWorkersConfig config;
  private final TimeSource time;
  private final WorkerMeters meters;
  private final Ongoing ongoing;
  private final Backlog backlog;
  private final Postponed postponed = new Postponed();
  private final PartitionTable partitions;
  private final ProgressCommits commits;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /** How many have come to their end so far. */
  private int done;

  /** How many have ended so far that somebody has to begin anew. */
  private int open;

  /** Whether what was postponed has the next turn. */
  private boolean againIsNext = true;

  private volatile int heldBack;
  private volatile int postponedNow;
  private volatile boolean closing;
  private volatile boolean ready;

  /**
   * A loop.
   *
   * @param consumer subscribed, polled and closed by this loop alone
   * @param again opens a consumer without a group, for what was left in the topics
   * @param handler begins the work on a record without waiting; it ends each delivery once
   */
  DispatchLoop(
      Consumer<byte[], byte[]> consumer,
      Supplier<Consumer<byte[], byte[]>> again,
      Map<String, Lane> lanesByTopic,
      java.util.function.Consumer<Delivery> handler,
      InFlightLimit limit,
      ReadAhead readAhead,
      ProviderWorkersConfig config,
      TimeSource time,
      WorkerMeters meters) {
    this.consumer = consumer;
    this.again = new SecondReader(again, time);
    this.lanesByTopic = Map.copyOf(lanesByTopic);
    this.handler = handler;
    this.limit = limit;
    this.backlog = new Backlog(readAhead, postponed);
    this.config = config;
    this.time = time;
    this.meters = meters;
    this.ongoing = new Ongoing(meters.lanes());
    this.commits = new ProgressCommits(consumer, config.commitInterval(), time, meters, this::fail);
    this.partitions =
        new PartitionTable(
            consumer, this.lanesByTopic, config, limit, commits, backlog, this::settle);
    meters.gauge(WorkerMeters.IN_FLIGHT, ongoing::running);
    meters.gauge(WorkerMeters.PARTITIONS_HELD, () -> heldBack);
    meters.gauge(WorkerMeters.POSTPONED, () -> postponedNow);
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
    try (consumer;
        again) {
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
    partitions.accept(consumer.poll(backlog.isEmpty() ? IDLE_POLL : BUSY_POLL));
    noteEnded();
    again.read(backlog.wanted(), backlog::isBehind);
    backlog.holdAgain();
    backlog.fill();
    if (!closing) {
      begin();
    }
    heldBack = backlog.hold();
    report();
    partitions.pauseAndResume(closing);
    commits.commitIfDue(partitions.all());
    ready = ready || (partitions.allResolved() && consumer.groupMetadata().generationId() > 0);
  }

  /**
   * Begins whatever has a place in flight. What was postponed and what was not take turns, over all
   * turns of the loop: however few places there are, neither waits for the other to come to an end.
   */
  private void begin() {
    long now = time.nanoTime();
    int refused = 0;
    while (refused < 2) {
      boolean begun = againIsNext ? beginAgain(now) : beginNew();
      refused = begun ? 0 : refused + 1;
      againIsNext = !againIsNext;
    }
  }

  /** Begins one that was postponed and is due, if it has a place. */
  private boolean beginAgain(long nowNanos) {
    Delivery next = postponed.next(partitions::owns, limit::tryTake, nowNanos);
    if (next == null) {
      return false;
    }
    meters.lanes().begunAgain(next.assignment().lane());
    next.assignment().begun();
    handOut(next);
    return true;
  }

  /** Begins the next of the backlog, if it has a place. */
  private boolean beginNew() {
    Waiting next = backlog.next(lane -> !postponed.full(lane) && limit.tryTake(lane));
    if (next == null) {
      return false;
    }
    begin(next);
    return true;
  }

  private void begin(Waiting next) {
    Assignment assignment = next.assignment();
    Ending.Setback setback = assignment.begun(next.record().offset());
    if (setback.times() > 0) {
      meters.lanes().begunAgain(assignment.lane());
    } else {
      long waitedMillis = time.now().toEpochMilli() - next.record().timestamp();
      meters.lanes().begun(assignment.lane(), Duration.ofMillis(waitedMillis));
    }
    handOut(new Delivery(next.record(), assignment, this, setback));
  }

  private void handOut(Delivery delivery) {
    ongoing.begun();
    handler.accept(delivery);
  }

  private void report() {
    postponedNow = postponed();
    for (Lane lane : Lane.values()) {
      meters
          .lanes()
          .holds(lane, backlog.waiting(lane), backlog.tenants(lane), backlog.behind(lane));
    }
  }

  /** In memory, and in the topic; what came back from there is part of the backlog. */
  private int postponed() {
    return postponed.size() + partitions.setAside() - backlog.returned();
  }

  @Override
  public void ended(Delivery delivery, Ending ending) {
    ongoing.ended(delivery, ending);
  }

  private void noteEnded() {
    for (Ongoing.Ended next = ongoing.next(); next != null; next = ongoing.next()) {
      note(next);
    }
  }

  private void note(Ongoing.Ended ended) {
    Delivery delivery = ended.delivery();
    boolean isDone = ended.ending() instanceof Ending.Done;
    done += isDone ? 1 : 0;
    open += isDone ? 0 : 1;
    partitions.ended(delivery, isDone);
    if (ended.ending() instanceof Ending.Postponed how) {
      backlog.postpone(
          delivery.after(how.setback()), how, partitions.owns(delivery), time.nanoTime());
    }
  }

  /** Waits, for so long at most, until nothing of these partitions is running. */
  private void settle(Collection<Assignment> leaving) {
    long until = time.nanoTime() + config.revocationGrace().toNanos();
    noteEnded();
    while (leaving.stream().anyMatch(assignment -> assignment.running() > 0)) {
      long left = until - time.nanoTime();
      if (left <= 0) {
        return;
      }
      Ongoing.Ended next = ongoing.next(left);
      if (next != null) {
        note(next);
      }
    }
  }

  /** Polls on, so that the group is kept and commits go out, until all calls are over. */
  private void drain() {
    if (failure.get() != null) {
      return;
    }
    long begun = time.nanoTime();
    int doneBefore = done;
    int openBefore = open;
    int held = backlog.waiting() + postponed();
    partitions.stopTaking();
    while (ongoing.running() > 0
        && time.nanoTime() - begun < config.drainTimeout().toNanos()
        && failure.get() == null) {
      partitions.pauseAndResume(true);
      partitions.accept(consumer.poll(BUSY_POLL));
      partitions.stopTaking();
      noteEnded();
      commits.commitIfDue(partitions.all());
    }
    int cutOff = ongoing.running();
    noteEnded();
    commits.commitNow(partitions.all());
    partitions.forgetAll();
    report();
    int notCalled = held + open - openBefore;
    meters.handedBack(notCalled + cutOff);
    LOG.atLevel(cutOff == 0 ? Level.INFO : Level.WARN)
        .log(
            "{} drained in {} ms: {} calls finished, {} are cut off; with {} dispatches that wait"
                + " they are handed back",
            Thread.currentThread().getName(),
            (time.nanoTime() - begun) / 1_000_000,
            done - doneBefore,
            cutOff,
            notCalled);
  }
}
