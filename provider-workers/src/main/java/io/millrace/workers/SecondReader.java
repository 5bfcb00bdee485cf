package io.millrace.workers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads again what was left in the topic, with a consumer that belongs to no group and commits
 * nothing. It is opened when it is needed first. Never waits. When it fails, it is opened anew a
 * little later: what is left stays left until then. Owned by the poll thread.
 */
final class SecondReader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SecondReader.class);

  /** How long it waits after a failure. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final int NO_READING = -1;

  private final Supplier<Consumer<byte[], byte[]>> opener;
  private final TimeSource time;

  /** The partitions that are assigned to the consumer, with the reading it is at. */
  private final Map<Assignment, Integer> readings = new HashMap<>();

  private @Nullable Consumer<byte[], byte[]> consumer;
  private boolean failed;
  private long failedNanos;

  /**
   * A reader.
   *
   * @param opener opens a consumer that starts at the earliest record when its place is gone
   */
  SecondReader(Supplier<Consumer<byte[], byte[]>> opener, TimeSource time) {
    this.opener = opener;
    this.time = time;
  }

  /**
   * Reads what has come of these partitions.
   *
   * @param isBehind whether a partition still has records that were left
   */
  void read(List<Assignment> wanted, Predicate<Assignment> isBehind) {
    if (wanted.isEmpty() || (failed && time.nanoTime() - failedNanos < PAUSE.toNanos())) {
      return;
    }
    try {
      Consumer<byte[], byte[]> open = open();
      assign(open, wanted, isBehind);
      seek(open, wanted);
      deliver(open, wanted);
      failed = false;
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      LOG.warn("cannot read again what was left in the topic; trying again: {}", e.toString());
      failed = true;
      failedNanos = time.nanoTime();
      close();
    }
  }

  @Override
  public void close() {
    Consumer<byte[], byte[]> closing = consumer;
    consumer = null;
    readings.clear();
    if (closing != null) {
      try {
        closing.close();
      } catch (KafkaException e) {
        LOG.debug("the second reader's consumer did not close well", e);
      }
    }
  }

  private Consumer<byte[], byte[]> open() {
    Consumer<byte[], byte[]> open = consumer;
    if (open == null) {
      open = opener.get();
      consumer = open;
    }
    return open;
  }

  private void assign(
      Consumer<byte[], byte[]> open, List<Assignment> wanted, Predicate<Assignment> isBehind) {
    boolean changed = readings.keySet().removeIf(isBehind.negate());
    for (Assignment assignment : wanted) {
      changed |= readings.putIfAbsent(assignment, NO_READING) == null;
    }
    if (changed) {
      open.assign(readings.keySet().stream().map(Assignment::partition).toList());
    }
  }

  private void seek(Consumer<byte[], byte[]> open, List<Assignment> wanted) {
    List<TopicPartition> resumed = new ArrayList<>();
    for (Assignment assignment : wanted) {
      int reading = assignment.left().reading();
      Integer known = readings.put(assignment, reading);
      if (known == null || known != reading) {
        open.seek(assignment.partition(), assignment.left().at());
      }
      resumed.add(assignment.partition());
    }
    List<TopicPartition> paused = new ArrayList<>(open.assignment());
    paused.removeAll(resumed);
    open.pause(paused);
    open.resume(resumed);
  }

  private static void deliver(Consumer<byte[], byte[]> open, List<Assignment> wanted) {
    ConsumerRecords<byte[], byte[]> polled = open.poll(Duration.ZERO);
    for (Assignment assignment : wanted) {
      TopicPartition partition = assignment.partition();
      List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
      long last = records.isEmpty() ? -1 : records.getLast().offset();
      assignment.left().read(records, Math.max(last + 1, position(open, partition)));
    }
  }

  /** Up to where a partition was read; -1 while that is being found out. */
  private static long position(Consumer<byte[], byte[]> open, TopicPartition partition) {
    try {
      return open.position(partition, Duration.ZERO);
    } catch (TimeoutException e) {
      return -1;
    }
  }
}
