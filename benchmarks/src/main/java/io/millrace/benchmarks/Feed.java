package io.millrace.benchmarks;

import io.millrace.ingest.ExchangePublisher;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.PacedProducer;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.HomeScope;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** A way to put requests in. One thread sends. */
interface Feed extends AutoCloseable {

  Duration DELIVERY_TIMEOUT = Duration.ofMinutes(1);

  /**
   * Sends a request without waiting for the broker.
   *
   * @throws IllegalStateException when an earlier one was not taken
   */
  void send(long number);

  @Override
  void close();

  /** As ingest and batches do it: admission in this process, straight to the home stage. */
  static Feed exchanges(
      KafkaConnection connection, TopicCatalogue topics, HomeScope scope, Workload load) {
    ExchangePublisher publisher =
        ExchangePublisher.open(connection, topics, scope, DELIVERY_TIMEOUT);
    Failures failures = new Failures();
    return new Feed() {
      @Override
      public void send(long number) {
        failures.throwFirst();
        publisher
            .publish(load.exchange(number))
            .whenComplete((done, failure) -> failures.note(failure));
      }

      @Override
      public void close() {
        publisher.close();
      }
    };
  }

  /** As anybody does it: events on the requests topic. */
  static Feed events(KafkaConnection connection, TopicCatalogue topics, Workload load) {
    SchemaRegistry registry = connection.openRegistry();
    Serializer<CompletionRequest> serializer =
        new AvroSerdes(registry).forType(CompletionRequest.class).serializer();
    String topic = topics.requests().name();
    BytesFeed bytes = new BytesFeed(connection);
    return new Feed() {
      @Override
      public void send(long number) {
        CompletionRequest request = load.request(number);
        bytes.send(
            new ProducerRecord<>(
                topic, request.getRequestId(), serializer.serialize(topic, request)));
      }

      @Override
      public void close() {
        bytes.close();
        registry.close();
      }
    };
  }

  /** The first failure of records on their way. */
  final class Failures {

    private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();

    void note(@Nullable Throwable failure) {
      if (failure != null) {
        first.compareAndSet(null, failure);
      }
    }

    void throwFirst() {
      Throwable failure = first.get();
      if (failure != null) {
        throw new IllegalStateException("a request was not taken", failure);
      }
    }
  }

  /** Sends bytes, with the settings of {@link ExchangePublisher}. */
  final class BytesFeed implements AutoCloseable {

    private final Producer<String, byte[]> producer;
    private final Failures failures = new Failures();

    BytesFeed(KafkaConnection connection) {
      Map<String, Object> properties = connection.clientProperties();
      properties.put(ProducerConfig.ACKS_CONFIG, "all");
      properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
      properties.put(ProducerConfig.LINGER_MS_CONFIG, PacedProducer.LINGER_MILLIS);
      properties.put(ProducerConfig.BATCH_SIZE_CONFIG, PacedProducer.BATCH_BYTES);
      producer = new PacedProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    void send(ProducerRecord<String, byte[]> record) {
      failures.throwFirst();
      producer.send(record, (metadata, failure) -> failures.note(failure));
    }

    void flush() {
      producer.flush();
      failures.throwFirst();
    }

    @Override
    public void close() {
      producer.close();
    }
  }
}
