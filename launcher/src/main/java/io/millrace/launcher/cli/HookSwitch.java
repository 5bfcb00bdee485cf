package io.millrace.launcher.cli;

import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.PipelineTopics;
import io.millrace.plugins.schema.Suggestion;
import io.millrace.schemas.avro.Control;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.registry.SchemaRegistry;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.topic.Topic;
import io.millrace.stages.HookControl;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Orders on the control topic that switch hooks of all instances. */
final class HookSwitch {

  private static final String BY = "millrace plugin";

  private HookSwitch() {}

  /** Writes the order and returns when the broker has it. */
  static void order(String hook, boolean on, MillraceConfig config, KafkaConnection connection) {
    requireKnown(hook, config);
    Topic control = config.topicCatalogue().control();
    PipelineTopics.require(connection, control);
    try (SchemaRegistry registry = connection.openRegistry();
        KafkaProducer<String, Control> producer =
            new KafkaProducer<>(
                connection.clientProperties(),
                new StringSerializer(),
                new AvroSerdes(registry).forType(Control.class).serializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  control.name(),
                  HookControl.subject(hook),
                  HookControl.switched(hook, on, Instant.now(), BY)))
          .get();
    } catch (ExecutionException e) {
      throw new CommandFailure("the broker did not take the order (%s)".formatted(e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted while sending", e);
    }
  }

  private static void requireKnown(String hook, MillraceConfig config) {
    List<String> names = config.plugins().stream().map(MillraceConfig.PluginSection::name).toList();
    if (!names.contains(hook)) {
      throw new CommandFailure(
          "the configuration has no plugin '%s'; %s".formatted(hook, Suggestion.of(hook, names)));
    }
  }
}
