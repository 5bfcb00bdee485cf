package io.millrace.analytics;

import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.serde.AvroSerdes;
import io.millrace.schemas.serde.UndecodableValueException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Passes on what events say about budgets. Bytes that are no event are passed over. */
final class BudgetAlertProcessor extends ContextualProcessor<byte[], byte[], String, Alert> {

  private final Deserializer<PipelineEvent> deserializer;
  private final String topic;

  BudgetAlertProcessor(AvroSerdes serdes, String topic) {
    this.deserializer = serdes.forType(PipelineEvent.class).deserializer();
    this.topic = topic;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    if (record.value() == null) {
      return;
    }
    PipelineEvent event;
    try {
      event = deserializer.deserialize(topic, record.value());
    } catch (UndecodableValueException e) {
      return;
    }
    BudgetAlerts.of(event)
        .ifPresent(
            alert ->
                context()
                    .forward(new Record<>(BudgetAlerts.keyOf(alert), alert, alert.getAtMillis())));
  }
}
