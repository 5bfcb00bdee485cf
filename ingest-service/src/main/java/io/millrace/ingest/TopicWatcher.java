package io.millrace.ingest;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.LoneConsumer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic as it grows, all partitions of it, and hands its records to a listener.
 *
 * <p>It reads uncommitted: a caller should not wait for a commit, and because ids are
 * deterministic, what a transaction wrote that aborts after all is about the same request. Every
 * instance reads all partitions, because what somebody waits for may be on any.
 */
final class TopicWatcher implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TopicWatcher.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PARTITION_CHECK = Duration.ofSeconds(30);
  private static final Duration BACK_OFF = Duration.ofSeconds(1);

  /** How long all partitions are waited for at the start, when nobody waits for this one yet. */
  private static final Duration START_PATIENCE = Duration.ofSeconds(30);

  /** The same on waking up, when callers wait: {@link ResultWait} gives it 5 seconds in all. */
  private static final Duration WAKE_PATIENCE = Duration.ofSeconds(2);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Consumer<String, byte[]> consumer;
  private final String topic;
  private final Attention attention;
  private final java.util.function.Consumer<ConsumerRecord<String, byte[]>> listener;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final Thread thread;

  /** Up to where each partition was read; of the watcher's thread. */
  private final Map<TopicPartition, Long> reached = new HashMap<>();

  private Instant nextPartitionCheck = Instant.MIN;

  private TopicWatcher(
      Consumer<String, byte[]> consumer,
      String topic,
      String threadName,
      Attention attention,
      java.util.function.Consumer<ConsumerRecord<String, byte[]>> listener) {
    this.consumer = consumer;
    this.topic = topic;
    this.attention = attention;
    this.listener = listener;
    this.thread = new Thread(this::run, threadName);
  }

  /** A consumer for a watcher. */
  static Consumer<String, byte[]> consumer(KafkaConnection connection) {
    return new KafkaConsumer<>(
        properties(connection), new StringDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * Starts to watch with a given consumer, which it closes. When this returns, every record that is
   * written from now on is seen.
   *
   * @param attention whether anybody needs the records
   * @param listener called by the watcher's thread
   * @throws KafkaException when the topic does not exist or the cluster cannot be reached
   */
  static TopicWatcher start(
      Consumer<String, byte[]> consumer,
      String topic,
      String threadName,
      Attention attention,
      java.util.function.Consumer<ConsumerRecord<String, byte[]>> listener) {
    TopicWatcher watcher = new TopicWatcher(consumer, topic, threadName, attention, listener);
    try {
      watcher.goToEnd(START_PATIENCE);
    } catch (KafkaException e) {
      consumer.close();
      throw e;
    }
    watcher.thread.setDaemon(true);
    watcher.thread.start();
    return watcher;
  }

  private static Map<String, Object> properties(KafkaConnection connection) {
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
    return properties;
  }

  /** Why it stopped watching for good, if it did. */
  Optional<Throwable> failure() {
    return Optional.ofNullable(failure.get());
  }

  /**
   * Goes to the end of every partition. One that has no leader does not say where that is, and
   * keeps nobody waiting who needs the others: it goes on from where it was read last, so nothing
   * of it is missed once it is back.
   */
  private void goToEnd(Duration patience) {
    List<TopicPartition> partitions = partitions();
    if (partitions.isEmpty()) {
      throw new KafkaException("topic " + topic + " does not exist; create the topics first");
    }
    consumer.assign(partitions);
    Map<TopicPartition, Long> ends = new PartitionEnds(consumer, patience).of(partitions);
    if (ends.isEmpty()) {
      throw new TimeoutException("no partition of " + topic + " says where it ends");
    }
    for (TopicPartition partition : partitions) {
      Long place = ends.getOrDefault(partition, reached.get(partition));
      if (place == null) {
        consumer.seekToEnd(List.of(partition)); // as soon as it says where that is
      } else {
        consumer.seek(partition, place);
        reached.put(partition, place);
      }
    }
    if (ends.size() < partitions.size()) {
      LOG.warn(
          "{} of {} partitions of {} cannot be reached; callers whose results come there wait for"
              + " them until their deadlines",
          partitions.size() - ends.size(),
          partitions.size(),
          topic);
    }
  }

  private List<TopicPartition> partitions() {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }

  private void run() {
    try {
      while (closing.getCount() > 0) {
        pollOnce();
      }
    } catch (WakeupException e) {
      LOG.debug("{} was told to stop", thread.getName());
    } catch (InterruptedException | RuntimeException | Error e) {
      LOG.error("{} stopped; callers are no longer answered", thread.getName(), e);
      failure.set(e);
    } finally {
      LoneConsumer.close(consumer);
    }
  }

  private void pollOnce() throws InterruptedException {
    try {
      if (attention.rest()) {
        goToEnd(WAKE_PATIENCE);
        attention.awake();
      }
      takeNewPartitions();
      ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
      records.forEach(listener);
      records.nextOffsets().forEach((partition, next) -> reached.put(partition, next.offset()));
    } catch (WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      LOG.warn("cannot read {}, trying again: {}", topic, e.toString());
      closing.await(BACK_OFF.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Partitions that were added are read from their beginning. */
  private void takeNewPartitions() {
    if (Instant.now().isBefore(nextPartitionCheck)) {
      return;
    }
    nextPartitionCheck = Instant.now().plus(PARTITION_CHECK);
    List<TopicPartition> all = partitions();
    List<TopicPartition> added =
        all.stream().filter(each -> !consumer.assignment().contains(each)).toList();
    if (!added.isEmpty()) {
      consumer.assign(all);
      consumer.seekToBeginning(added);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    attention.close();
    consumer.wakeup();
    try {
      thread.join(CLOSE_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
