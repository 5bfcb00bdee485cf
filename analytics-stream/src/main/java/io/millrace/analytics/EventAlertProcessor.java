package io.millrace.analytics;

import io.millrace.schemas.avro.Alert;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.serde.LeadingText;
import io.millrace.schemas.serde.UndecodableValueException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Makes alerts of the events that have a rule; sends what is no event to the dead letters. */
final class EventAlertProcessor extends ContextualProcessor<byte[], byte[], Object, Object> {

  private final LeadingText types;
  private final Deserializer<PipelineEvent> events;
  private final String topic;
  private final AnalyticsMeters meters;

  @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
  private DeadLetterBox deadLetters;

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
  public void init(ProcessorContext<Object, Object> context) {
    super.init(context);
    deadLetters = new DeadLetterBox(context, AnalyticsTopology.EVENT_DEAD_LETTERS_SINK, meters);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    if (record.value() == null || !types.mayBe(record.value())) {
      return;
    }
    try {
      EventRule.alertOf(events.deserialize(topic, record.value())).ifPresent(this::raise);
    } catch (UndecodableValueException e) {
      deadLetters.put(record, e.code(), "expected a PipelineEvent: " + e.getMessage());
    }
  }

  /** An event says itself when it was; a broker refuses records from far ahead of its own time. */
  private void raise(Alert alert) {
    meters.countEventAlert();
    long atMillis = Math.clamp(alert.getAtMillis(), 0, context().currentSystemTimeMs());
    context()
        .forward(
            new Record<Object, Object>(EventRule.keyOf(alert), alert, atMillis),
            AnalyticsTopology.EVENT_ALERTS_SINK);
  }
}
