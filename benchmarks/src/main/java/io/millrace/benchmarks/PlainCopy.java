package io.millrace.benchmarks;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.PacedProducer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Copies a topic with a plain consumer, reading uncommitted, and a plain producer: what is left of
 * a worker without its work. Client settings are the workers'.
 */
final class PlainCopy implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(50);
  private static final long COMMIT_INTERVAL_NANOS = Duration.ofMillis(50).toNanos();

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final PacedProducer<byte[], byte[]> producer;
  private final String to;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Thread thread;
  private volatile boolean ready;
  private volatile boolean closing;

  private PlainCopy(
      KafkaConsumer<byte[], byte[]> consumer, PacedProducer<byte[], byte[]> producer, String to) {
    this.consumer = consumer;
    this.producer = producer;
    this.to = to;
    this.thread = Thread.ofPlatform().name("null-worker").unstarted(this::run);
  }

  static PlainCopy start(KafkaConnection connection, String from, String to) {
    PlainCopy copy =
        new PlainCopy(
            new KafkaConsumer<>(
                consumerProperties(connection, from + "-copy"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer()),
            new PacedProducer<>(
                producerProperties(connection),
                new ByteArraySerializer(),
                new ByteArraySerializer()),
            to);
    copy.consumer.subscribe(List.of(from));
    copy.thread.start();
    return copy;
  }

  private static Map<String, Object> consumerProperties(KafkaConnection connection, String group) {
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, GroupProtocol.CONSUMER.name());
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return properties;
  }

  private static Map<String, Object> producerProperties(KafkaConnection connection) {
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.LINGER_MS_CONFIG, PacedProducer.LINGER_MILLIS);
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, PacedProducer.BATCH_BYTES);
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    return properties;
  }

  boolean ready() {
    return ready;
  }

  void checkHealth() {
    Throwable cause = failure.get();
    if (cause != null) {
      throw new IllegalStateException("the null pipeline's worker stopped", cause);
    }
  }

  private void run() {
    long committedAt = System.nanoTime();
    try (consumer;
        producer) {
      while (!closing) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          producer.send(
              new ProducerRecord<>(to, record.key(), record.value()),
              (metadata, cause) -> {
                if (cause != null) {
                  failure.compareAndSet(null, cause);
                }
              });
        }
        ready = ready || !consumer.assignment().isEmpty();
        if (System.nanoTime() - committedAt > COMMIT_INTERVAL_NANOS) {
          consumer.commitAsync();
          committedAt = System.nanoTime();
        }
      }
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    closing = true;
    thread.join();
  }
}
