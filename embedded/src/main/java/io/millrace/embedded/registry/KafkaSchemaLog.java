package io.millrace.embedded.registry;

import io.millrace.embedded.registry.LogCodec.Encoded;
import io.millrace.schemas.kafka.LoneConsumer;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
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

  private static final Logger log = LoggerFactory.getLogger(KafkaSchemaLog.class);
  private static final TopicPartition PARTITION = new TopicPartition(SchemaTopic.NAME, 0);
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(500);

  private final String bootstrapServers;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final ReadPosition readBack = new ReadPosition();
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
    SchemaTopic.ensure(properties(Map.of()), LIMIT);
    consumer.assign(List.of(PARTITION));
    consumer.seekToBeginning(List.of(PARTITION));
    long end = consumer.endOffsets(List.of(PARTITION), LIMIT).getOrDefault(PARTITION, 0L);
    reader =
        Thread.ofPlatform().name("embedded-registry-log").daemon().start(() -> follow(applier));
    readBack.await(end, LIMIT);
  }

  private void follow(Consumer<LogRecord> applier) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        for (ConsumerRecord<byte[], byte[]> entry : consumer.poll(POLL)) {
          apply(entry, applier);
        }
        readBack.advance(consumer.position(PARTITION));
      }
    } catch (WakeupException e) {
      log.debug("stopped following {}", SchemaTopic.NAME);
    } catch (RuntimeException e) {
      log.error("The registry cannot follow topic {} any more; restart it", SchemaTopic.NAME, e);
      readBack.fail(e);
    } finally {
      LoneConsumer.close(consumer);
    }
  }

  private static void apply(ConsumerRecord<byte[], byte[]> entry, Consumer<LogRecord> applier) {
    try {
      LogCodec.decode(entry.key(), entry.value()).ifPresent(applier);
    } catch (IOException e) {
      log.warn(
          "Record {} of topic {} is not the registry's; ignored", entry.offset(), SchemaTopic.NAME);
    }
  }

  @Override
  public void append(LogRecord change) {
    Encoded encoded = LogCodec.encode(change);
    try {
      long offset =
          producer
              .send(new ProducerRecord<>(SchemaTopic.NAME, 0, encoded.key(), encoded.value()))
              .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
              .offset();
      readBack.await(offset + 1, LIMIT);
    } catch (ExecutionException e) {
      throw RegistryFault.storeFailed(
          "cannot write to topic " + SchemaTopic.NAME + ": " + e.getCause());
    } catch (TimeoutException | KafkaException e) {
      throw RegistryFault.storeFailed("cannot write to topic " + SchemaTopic.NAME + ": " + e);
    } catch (InterruptedException e) {
      throw RegistryFault.interrupted();
    }
  }

  @Override
  public Optional<Throwable> failure() {
    return readBack.failure();
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
    Thread following = reader;
    if (following == null) {
      LoneConsumer.close(consumer);
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
