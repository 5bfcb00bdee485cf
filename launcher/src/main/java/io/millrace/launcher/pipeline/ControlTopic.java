package io.millrace.launcher.pipeline;

import io.millrace.schemas.avro.Control;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.Topic;
import io.millrace.schemas.topic.TopicCatalogue;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Gives orders to every process of a pipeline. */
public final class ControlTopic {

  private ControlTopic() {}

  /**
   * Writes an order and returns when the broker has it.
   *
   * @throws PipelineException when the topic is not there, or the broker does not take it
   */
  public static void order(Control order, KafkaConnection connection, TopicCatalogue topics) {
    Topic control = topics.control();
    PipelineTopics.require(connection, control);
    try (SchemaRegistry registry = connection.openRegistry();
        KafkaProducer<String, Control> producer =
            new KafkaProducer<>(
                connection.clientProperties(),
                new StringSerializer(),
                new AvroSerdes(registry).forType(Control.class).serializer())) {
      producer.send(new ProducerRecord<>(control.name(), order.getSubject(), order)).get();
    } catch (ExecutionException e) {
      throw new PipelineException(
          "the broker did not take the order (%s)".formatted(e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PipelineException("interrupted while sending", e);
    }
  }
}
