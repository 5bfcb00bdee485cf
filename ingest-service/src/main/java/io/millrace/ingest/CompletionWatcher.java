package io.millrace.ingest;

import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.kafka.KafkaConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the completions topic as it grows and hands results to the callers who wait for them.
 *
 * <p>It reads uncommitted: a caller should not wait for a commit, and because ids are
 * deterministic, a result of a transaction that aborts after all is an answer to the same request.
 * Only records whose key somebody waits for are decoded. Every instance reads all partitions,
 * because a result may be on any.
 */
final class CompletionWatcher implements AutoCloseable {

  static final String THREAD_NAME = "millrace-completion-watcher";

  private static final Logger LOG = LoggerFactory.getLogger(CompletionWatcher.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PARTITION_CHECK = Duration.ofSeconds(30);
  private static final Duration BACK_OFF = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Consumer<String, byte[]> consumer;
  private final String topic;
  private final Deserializer<CompletionResult> results;
  private final Waiters waiters;
  private final IngestMeters meters;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final Thread thread;
  private Instant nextPartitionCheck = Instant.MIN;

  private CompletionWatcher(
      Consumer<String, byte[]> consumer,
      String topic,
      Deserializer<CompletionResult> results,
      Waiters waiters,
      IngestMeters meters) {
    this.consumer = consumer;
    this.topic = topic;
    this.results = results;
    this.waiters = waiters;
    this.meters = meters;
    this.thread = new Thread(this::run, THREAD_NAME);
  }

  /**
   * Starts to watch. When this returns, every result that is written from now on is seen.
   *
   * @throws KafkaException when the topic does not exist or the cluster cannot be reached
   */
  static CompletionWatcher start(
      KafkaConnection connection,
      String topic,
      Deserializer<CompletionResult> results,
      Waiters waiters,
      IngestMeters meters) {
    Consumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            properties(connection), new StringDeserializer(), new ByteArrayDeserializer());
    try {
      return start(consumer, topic, results, waiters, meters);
    } catch (KafkaException e) {
      consumer.close();
      throw e;
    }
  }

  /** Starts to watch with a given consumer, which it closes. */
  static CompletionWatcher start(
      Consumer<String, byte[]> consumer,
      String topic,
      Deserializer<CompletionResult> results,
      Waiters waiters,
      IngestMeters meters) {
    CompletionWatcher watcher = new CompletionWatcher(consumer, topic, results, waiters, meters);
    watcher.goToEnd();
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

  private void goToEnd() {
    List<TopicPartition> partitions = partitions();
    if (partitions.isEmpty()) {
      throw new KafkaException("topic " + topic + " does not exist; create the topics first");
    }
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    // Seeking is lazy: only asking for the position fixes it.
    partitions.forEach(consumer::position);
  }

  private List<TopicPartition> partitions() {
    return consumer.partitionsFor(topic).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }

  private void run() {
    try (consumer) {
      while (closing.getCount() > 0) {
        pollOnce();
      }
    } catch (WakeupException e) {
      LOG.debug("the completion watcher was told to stop");
    } catch (InterruptedException | RuntimeException | Error e) {
      LOG.error("the completion watcher stopped; callers are no longer answered", e);
      failure.set(e);
    }
  }

  private void pollOnce() throws InterruptedException {
    try {
      takeNewPartitions();
      consumer.poll(POLL).forEach(this::deliver);
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

  private void deliver(ConsumerRecord<String, byte[]> completion) {
    String requestId = completion.key();
    if (requestId == null || completion.value() == null || !waiters.awaits(requestId)) {
      return;
    }
    try {
      waiters.complete(results.deserialize(topic, completion.value()));
    } catch (KafkaException e) {
      meters.undecodable(topic);
      LOG.warn(
          "cannot read {}-{}@{}: {}",
          topic,
          completion.partition(),
          completion.offset(),
          e.toString());
    }
  }

  @Override
  public void close() {
    closing.countDown();
    consumer.wakeup();
    try {
      thread.join(CLOSE_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
