package io.millrace.embedded.registry;

import io.millrace.embedded.registry.LogCodec.Encoded;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log as a compacted topic with one partition. What was written counts when this process has
 * read it back, so that the state never holds what the topic does not.
 */
final class KafkaSchemaLog implements SchemaLog {

  static final String TOPIC = "_schemas";

  private static final Logger log = LoggerFactory.getLogger(KafkaSchemaLog.class);
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(500);

  private final String bootstrapServers;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition progress = lock.newCondition();
  private long position;
  private @Nullable Throwable failure;
  private @Nullable Thread reader;

  KafkaSchemaLog(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    this.producer =
        new KafkaProducer<>(
            properties(
                Map.of(
                    ProducerConfig.ACKS_CONFIG, "all",
                    ProducerConfig.LINGER_MS_CONFIG, "0",
                    ProducerConfig.MAX_BLOCK_MS_CONFIG, String.valueOf(LIMIT.toMillis()),
                    ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000",
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, String.valueOf(LIMIT.toMillis()))),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.consumer =
        new KafkaConsumer<>(
            properties(
                Map.of(
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                    ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false")),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  private Map<String, Object> properties(Map<String, String> more) {
    Map<String, Object> properties = new HashMap<>(more);
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, "embedded-registry");
    return properties;
  }

  @Override
  public void replay(Consumer<LogRecord> applier) {
    createTopic();
    consumer.assign(List.of(PARTITION));
    consumer.seekToBeginning(List.of(PARTITION));
    long end = consumer.endOffsets(List.of(PARTITION), LIMIT).getOrDefault(PARTITION, 0L);
    reader =
        Thread.ofPlatform().name("embedded-registry-log").daemon().start(() -> follow(applier));
    awaitPosition(end);
  }

  private void createTopic() {
    NewTopic topic =
        new NewTopic(TOPIC, Optional.of(1), Optional.empty())
            .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
    try (Admin admin = Admin.create(properties(Map.of()))) {
      admin.createTopics(List.of(topic)).all().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw RegistryFault.storeFailed("cannot create topic " + TOPIC + ": " + e.getCause());
      }
    } catch (TimeoutException e) {
      throw RegistryFault.storeFailed("no answer from " + bootstrapServers);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private void follow(Consumer<LogRecord> applier) {
    try (consumer) {
      while (!Thread.currentThread().isInterrupted()) {
        for (ConsumerRecord<byte[], byte[]> entry : consumer.poll(POLL)) {
          apply(entry, applier);
        }
        advance(consumer.position(PARTITION));
      }
    } catch (WakeupException e) {
      log.debug("stopped following {}", TOPIC);
    } catch (RuntimeException e) {
      log.error("The registry cannot follow topic {} any more; restart it", TOPIC, e);
      fail(e);
    }
  }

  private static void apply(ConsumerRecord<byte[], byte[]> entry, Consumer<LogRecord> applier) {
    try {
      LogCodec.decode(entry.key(), entry.value()).ifPresent(applier);
    } catch (IOException e) {
      log.warn("Record {} of topic {} is not the registry's; ignored", entry.offset(), TOPIC);
    }
  }

  @Override
  public void append(LogRecord change) {
    Encoded encoded = LogCodec.encode(change);
    try {
      long offset =
          producer
              .send(new ProducerRecord<>(TOPIC, 0, encoded.key(), encoded.value()))
              .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
              .offset();
      awaitPosition(offset + 1);
    } catch (ExecutionException e) {
      throw RegistryFault.storeFailed("cannot write to topic " + TOPIC + ": " + e.getCause());
    } catch (TimeoutException | KafkaException e) {
      throw RegistryFault.storeFailed("cannot write to topic " + TOPIC + ": " + e);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private void awaitPosition(long wanted) {
    lock.lock();
    try {
      long left = LIMIT.toNanos();
      while (position < wanted && failure == null) {
        if (left <= 0) {
          throw RegistryFault.storeFailed("topic " + TOPIC + " cannot be read back in time");
        }
        left = progress.awaitNanos(left);
      }
      if (position < wanted) {
        throw RegistryFault.storeFailed("topic " + TOPIC + " cannot be read: " + failure);
      }
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      lock.unlock();
    }
  }

  private void advance(long to) {
    lock.lock();
    try {
      position = to;
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void fail(Throwable cause) {
    lock.lock();
    try {
      failure = cause;
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static RegistryFault interrupted() {
    Thread.currentThread().interrupt();
    return RegistryFault.storeFailed("interrupted");
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
    Thread following = reader;
    if (following == null) {
      consumer.close();
      return;
    }
    consumer.wakeup();
    try {
      following.join(LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
