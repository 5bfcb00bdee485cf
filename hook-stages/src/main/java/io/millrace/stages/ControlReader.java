package io.millrace.stages;

import io.millrace.schemas.avro.Control;
import io.millrace.schemas.avro.ControlAction;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.serde.UndecodableValueException;
import io.millrace.stages.HookSwitches.Position;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the control topic from its beginning and follows what it says about hooks. One thread;
 * reading goes on, once a second, when the cluster refuses it. Thread-safe.
 */
final class ControlReader implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(ControlReader.class);

  private final Consumer<String, byte[]> consumer;
  private final String topic;
  private final Deserializer<Control> values;
  private final HookChain chain;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile boolean caughtUp;

  private ControlReader(
      Consumer<String, byte[]> consumer,
      String topic,
      Deserializer<Control> values,
      HookChain chain) {
    this.consumer = consumer;
    this.topic = topic;
    this.values = values;
    this.chain = chain;
    this.thread = Thread.ofPlatform().daemon().name("millrace-control").unstarted(this::run);
  }

  /** Begins to read. */
  static ControlReader start(
      String topic, KafkaConnection connection, Deserializer<Control> values, HookChain chain) {
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    ControlReader reader =
        new ControlReader(
            new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer()),
            topic,
            values,
            chain);
    reader.thread.start();
    return reader;
  }

  /** Whether everything that was on the topic at the start has been followed. */
  boolean caughtUp() {
    return caughtUp;
  }

  private void run() {
    try (consumer) {
      while (closing.getCount() > 0) {
        read();
      }
    } catch (WakeupException e) {
      LOG.debug("no longer following topic {}", topic);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() throws InterruptedException {
    try {
      if (consumer.assignment().isEmpty() && !assign()) {
        waitBeforeRetry();
        return;
      }
      consumer.poll(POLL).forEach(this::follow);
      caughtUp = caughtUp || atEnd();
    } catch (WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      LOG.warn("topic {} cannot be read, trying on: {}", topic, e.getMessage());
      waitBeforeRetry();
    }
  }

  /** All partitions, from their first record: the topic is compacted and small. */
  private boolean assign() {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return !partitions.isEmpty();
  }

  private boolean atEnd() {
    return consumer.endOffsets(consumer.assignment()).entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private void waitBeforeRetry() throws InterruptedException {
    if (closing.await(RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new WakeupException();
    }
  }

  private void follow(ConsumerRecord<String, byte[]> record) {
    if (record.key() == null) {
      return;
    }
    HookControl.hookOf(record.key()).ifPresent(hook -> follow(hook, record));
  }

  private void follow(String hook, ConsumerRecord<String, byte[]> record) {
    try {
      @Nullable Control order = values.deserialize(topic, record.value());
      if (order == null) {
        chain.order(hook, Position.AS_CONFIGURED, "configuration");
      } else if (order.getAction() != ControlAction.UNKNOWN) {
        Position position = order.getAction() == ControlAction.ENABLE ? Position.ON : Position.OFF;
        chain.order(hook, position, order.getBy());
      }
    } catch (UndecodableValueException e) {
      LOG.warn(
          "the order about hook {} at offset {} of {} is no Control record and is passed over: {}",
          hook,
          record.offset(),
          topic,
          e.getMessage());
    }
  }

  /** Stops reading; waits at most 5 s. */
  @Override
  public void close() {
    closing.countDown();
    consumer.wakeup();
    try {
      if (!thread.join(CLOSE_TIMEOUT)) {
        LOG.warn("the reader of topic {} does not end", topic);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
