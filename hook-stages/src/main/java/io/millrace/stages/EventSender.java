package io.millrace.stages;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.kafka.KafkaConnection;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts events about the pipeline itself on the {@code events} topic. Thread-safe; taking an event
 * never waits: what finds no room is dropped and counted.
 */
final class EventSender implements Consumer<PipelineEvent>, AutoCloseable {

  /** How many events wait for the broker. */
  static final int MAX_WAITING = 1_000;

  private static final Duration SEND_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(EventSender.class);
  private static final PipelineEvent END = new PipelineEvent();

  private final String topic;
  private final Producer<String, PipelineEvent> producer;
  private final Counter dropped;
  private final EventMailbox<PipelineEvent> mailbox;

  EventSender(String topic, Producer<String, PipelineEvent> producer, MeterRegistry meters) {
    this.topic = topic;
    this.producer = producer;
    this.dropped = meters.counter(PipelineEvents.DROPPED, "to", "topic");
    this.mailbox =
        new EventMailbox<>("millrace-event-sender", MAX_WAITING, END, this::send, dropped);
    mailbox.start();
  }

  /** A sender with a producer of its own. */
  static EventSender open(
      String topic,
      KafkaConnection connection,
      Serializer<PipelineEvent> serializer,
      MeterRegistry meters) {
    Map<String, Object> properties = connection.clientProperties();
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, SEND_TIMEOUT.toMillis());
    properties.put(
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) SEND_TIMEOUT.dividedBy(2).toMillis());
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) SEND_TIMEOUT.toMillis());
    return new EventSender(
        topic, new KafkaProducer<>(properties, new StringSerializer(), serializer), meters);
  }

  @Override
  public void accept(PipelineEvent event) {
    mailbox.offer(event);
  }

  private void send(PipelineEvent event) {
    try {
      var unused = // the callback sees to it
          producer.send(
              // By who says so: what one says stays in order.
              new ProducerRecord<>(topic, null, event.getAtMillis(), event.getSource(), event),
              (metadata, failure) -> {
                if (failure != null) {
                  lost(event, failure);
                }
              });
    } catch (KafkaException | IllegalStateException e) {
      lost(event, e);
    }
  }

  private void lost(PipelineEvent event, Exception cause) {
    dropped.increment();
    LOG.warn("event {} did not get to topic {}: {}", event.getType(), topic, cause.getMessage());
  }

  /** Sends what waits, for at most twice 5 seconds. */
  @Override
  public void close() {
    mailbox.finish();
    mailbox.awaitEnd(CLOSE_TIMEOUT);
    producer.close(CLOSE_TIMEOUT);
  }
}
