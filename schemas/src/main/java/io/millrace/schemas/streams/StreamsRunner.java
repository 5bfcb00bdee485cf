package io.millrace.schemas.streams;

import io.millrace.schemas.kafka.PacedProducer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running Kafka Streams application. A stream thread that dies is replaced; when threads keep
 * dying the application stops and {@link #failure()} says why. Thread-safe.
 */
public final class StreamsRunner implements AutoCloseable {

  /** This many deaths within {@link #RESTART_PERIOD} end the application. */
  static final int MAX_RESTARTS = 10;

  /** The period over which deaths are counted. */
  static final Duration RESTART_PERIOD = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(StreamsRunner.class);

  private final KafkaStreams streams;
  private final InstantSource clock;
  private final Deque<Instant> deaths = new ArrayDeque<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private StreamsRunner(KafkaStreams streams, InstantSource clock) {
    this.streams = streams;
    this.clock = clock;
  }

  /**
   * Starts an application that nobody waits for; returns at once, before its tasks are assigned.
   * What it writes leaves in large batches, at the latest with the commit.
   *
   * @param topology what to run
   * @param properties complete Streams configuration
   */
  public static StreamsRunner start(Topology topology, Properties properties) {
    return start(new KafkaStreams(topology, properties));
  }

  /**
   * The same, for an application that people wait for.
   *
   * @param last whether a record to this topic is the last that a record read brings about: it
   *     leaves at once while few come, see {@link PacedProducer}
   */
  public static StreamsRunner start(
      Topology topology, Properties properties, Predicate<String> last) {
    return start(new KafkaStreams(topology, properties, new PacedClients(last)));
  }

  private static StreamsRunner start(KafkaStreams streams) {
    StreamsRunner runner = new StreamsRunner(streams, InstantSource.system());
    streams.setUncaughtExceptionHandler(runner::onThreadDeath);
    streams.start();
    return runner;
  }

  /** The application itself, for queries and metrics. */
  public KafkaStreams streams() {
    return streams;
  }

  /** Whether every task is assigned, restored and running. */
  public boolean ready() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  /** Why the application stopped by itself, if it did. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure.get());
  }

  /**
   * Finishes what is in hand, commits and stops. Leaves its group, so that whoever takes over, or
   * the next start, need not wait until the group misses this one.
   *
   * @return whether it did so in time
   */
  public boolean close(Duration timeout) {
    return streams.close(
        CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
            .withTimeout(timeout));
  }

  /** Stops, waiting at most 30 s. */
  @Override
  public void close() {
    close(Duration.ofSeconds(30));
  }

  private synchronized StreamThreadExceptionResponse onThreadDeath(Throwable cause) {
    Instant now = clock.instant();
    deaths.addLast(now);
    while (deaths.getFirst().isBefore(now.minus(RESTART_PERIOD))) {
      deaths.removeFirst();
    }
    if (deaths.size() > MAX_RESTARTS) {
      failure.compareAndSet(null, cause);
      LOG.error("stream threads keep dying ({} in a minute); stopping", deaths.size(), cause);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    LOG.warn("a stream thread died and is replaced: {}", cause.toString(), cause);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }
}
