package io.millrace.ingest;

import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.PacedProducer;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.HomeScope;
import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Puts accepted exchanges straight on the home stage's topic. Idempotent and acknowledged by all
 * replicas; publishing the same exchange twice is harmless, because the home stage knows its id.
 * Thread-safe.
 */
public final class ExchangePublisher implements AutoCloseable {

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final Producer<String, Exchange> producer;
  private final String topic;
  private final HomeScope scope;
  private final AutoCloseable registry;

  ExchangePublisher(
      Producer<String, Exchange> producer,
      TopicCatalogue topics,
      HomeScope scope,
      AutoCloseable registry) {
    this.producer = producer;
    this.topic = topics.stageRequests(TopicCatalogue.HOME).name();
    this.scope = scope;
    this.registry = registry;
  }

  /**
   * Opens a publisher with a producer and a registry client of its own, and asks the cluster for
   * the topic, so that the first exchange need not wait for that.
   *
   * @param deliveryTimeout after which an exchange that no broker acknowledged has failed; at least
   *     one second
   * @throws KafkaException when the cluster cannot be reached or has no such topic; nothing stays
   *     open then
   */
  public static ExchangePublisher open(
      KafkaConnection connection,
      TopicCatalogue topics,
      HomeScope scope,
      Duration deliveryTimeout) {
    Map<String, Object> properties = properties(connection, deliveryTimeout);
    SchemaRegistry registry = connection.openRegistry();
    var producer =
        new PacedProducer<>(
            properties,
            new StringSerializer(),
            new AvroSerdes(registry, connection.properties()).forType(Exchange.class).serializer(),
            topics::goesOnBy);
    ExchangePublisher publisher = new ExchangePublisher(producer, topics, scope, registry);
    try {
      producer.partitionsFor(publisher.topic);
      return publisher;
    } catch (KafkaException e) {
      publisher.close();
      throw new KafkaException(
          "cannot write to topic " + publisher.topic + "; is the cluster up, are topics created?",
          e);
    }
  }

  private static Map<String, Object> properties(
      KafkaConnection connection, Duration deliveryTimeout) {
    if (deliveryTimeout.toMillis() < 1000) {
      throw new IllegalArgumentException(
          "deliveryTimeout must be at least 1 s, is " + deliveryTimeout);
    }
    int timeoutMillis = Math.toIntExact(deliveryTimeout.toMillis());
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.put(ProducerConfig.LINGER_MS_CONFIG, PacedProducer.LINGER_MILLIS);
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, PacedProducer.BATCH_BYTES);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeoutMillis);
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis / 2);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeoutMillis);
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topic.MAX_RECORD_BYTES);
    return properties;
  }

  /**
   * Publishes an exchange. May block up to the delivery time-out while the cluster is out of reach
   * or the send buffer is full.
   *
   * @return completes when all replicas have it, exceptionally with a {@link KafkaException} when
   *     that failed; completes on the producer's thread, so dependents must not block
   */
  public CompletableFuture<Void> publish(Exchange exchange) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    String key = scope.keyOf(exchange.getTenant(), exchange.getExchangeId());
    try {
      var unused =
          producer.send(
              new ProducerRecord<>(topic, key, exchange),
              (metadata, failure) -> {
                if (failure == null) {
                  done.complete(null);
                } else {
                  done.completeExceptionally(failure);
                }
              });
    } catch (KafkaException e) {
      done.completeExceptionally(e);
    }
    return done;
  }

  /** Sends what is buffered, up to ten seconds, and lets go of the connections. */
  @Override
  public void close() {
    try {
      producer.close(CLOSE_TIMEOUT);
    } finally {
      closeRegistry();
    }
  }

  private void closeRegistry() {
    try {
      registry.close();
    } catch (Exception e) {
      throw new KafkaException("cannot close the schema registry client", e);
    }
  }
}
