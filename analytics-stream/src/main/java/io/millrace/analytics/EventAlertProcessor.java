package io.millrace.analytics;

import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.serde.LeadingText;
import io.millrace.schemas.serde.UndecodableValueException;
import io.millrace.schemas.topic.DeadLetterHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Makes alerts of the events that have a rule; sends what is no event to the dead letters. */
final class EventAlertProcessor extends ContextualProcessor<byte[], byte[], Object, Object> {

  private final LeadingText types;
  private final Deserializer<PipelineEvent> events;
  private final String topic;
  private final AnalyticsMeters meters;

  /**
   * A node.
   *
   * @param types tells events that have a rule from the others, which nearly all are
   */
  EventAlertProcessor(
      LeadingText types, Deserializer<PipelineEvent> events, String topic, AnalyticsMeters meters) {
    this.types = types;
    this.events = events;
    this.topic = topic;
    this.meters = meters;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    if (record.value() == null || !types.mayBe(record.value())) {
      return;
    }
    try {
      EventRule.alertOf(events.deserialize(topic, record.value())).ifPresent(this::raise);
    } catch (UndecodableValueException e) {
      bury(record, e);
    }
  }

  private void raise(Alert alert) {
    meters.countEventAlert();
    context()
        .forward(
            new Record<Object, Object>(
                EventRule.keyOf(alert), alert, Math.max(0, alert.getAtMillis())),
            AnalyticsTopology.EVENT_ALERTS_SINK);
  }

  private void bury(Record<byte[], byte[]> record, UndecodableValueException cause) {
    meters.countDeadLetter();
    RecordMetadata metadata = context().recordMetadata().orElseThrow();
    var origin =
        new DeadLetterHeaders.Origin(
            metadata.topic(), metadata.partition(), metadata.offset(), record.timestamp());
    var headers =
        DeadLetterHeaders.describe(
            record.headers(),
            origin,
            cause.code().wireName(),
            "expected a PipelineEvent: " + cause.getMessage(),
            DecodeProcessor.NAME);
    context()
        .forward(
            new Record<Object, Object>(
                record.key(), record.value(), Math.max(0, record.timestamp()), headers),
            AnalyticsTopology.EVENT_DEAD_LETTERS_SINK);
  }
}
