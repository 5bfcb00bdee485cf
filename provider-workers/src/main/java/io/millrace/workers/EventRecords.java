package io.millrace.workers;

import io.millrace.schemas.avro.Exchange;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.model.TrustedRecords;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.TopicCatalogue;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events to the {@code events} topic: those about an exchange keyed by its request, those
 * about models by who they come from. Nobody waits for them, and what cannot be sent is lost: they
 * say what happened, they settle nothing.
 */
final class EventRecords implements WorkerEvents {

  private static final Logger LOG = LoggerFactory.getLogger(EventRecords.class);

  /** What events of the workers say they come from. */
  private static final String SOURCE = "providers";

  private final String topic;
  private final Serializer<PipelineEvent> serializer;
  private final Producer<byte[], byte[]> producer;
  private final InstantSource clock;

  EventRecords(
      TopicCatalogue topics,
      KafkaConnection connection,
      SchemaRegistry registry,
      Producer<byte[], byte[]> producer,
      InstantSource clock) {
    TrustedRecords.trust();
    this.topic = topics.events().name();
    this.serializer =
        new AvroSerdes(registry, connection.properties()).forType(PipelineEvent.class).serializer();
    this.producer = producer;
    this.clock = clock;
  }

  @Override
  public void emit(String type, Map<String, String> attributes) {
    send(
        SOURCE,
        new PipelineEvent(type, clock.millis(), SOURCE, null, null, null, Map.copyOf(attributes)));
  }

  @Override
  public void emit(Exchange exchange, String type, Map<String, String> attributes) {
    send(
        exchange.getRequestId(),
        new PipelineEvent(
            type,
            clock.millis(),
            SOURCE,
            exchange.getRequestId(),
            exchange.getTenant(),
            exchange.getAttempt(),
            Map.copyOf(attributes)));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of failures
  private void send(String key, PipelineEvent event) {
    String type = event.getType();
    try {
      producer.send(
          new ProducerRecord<>(
              topic, key.getBytes(StandardCharsets.UTF_8), serializer.serialize(topic, event)),
          (sent, e) -> {
            if (e != null) {
              LOG.debug("an event of type {} is lost", type, e);
            }
          });
    } catch (RuntimeException e) {
      LOG.debug("an event of type {} is lost", type, e);
    }
  }
}
