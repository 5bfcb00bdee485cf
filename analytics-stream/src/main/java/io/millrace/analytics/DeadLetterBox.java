package io.millrace.analytics;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.topic.DeadLetterHeaders;
import io.millrace.schemas.topic.DeadLetterParts;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Sends records that a node cannot read to the dead letters, as they came. One for each node. */
final class DeadLetterBox {

  /** How dead letters name this component. */
  static final String NAME = "analytics";

  private final ProcessorContext<Object, Object> context;
  private final String sink;
  private final AnalyticsMeters meters;

  DeadLetterBox(ProcessorContext<Object, Object> context, String sink, AnalyticsMeters meters) {
    this.context = context;
    this.sink = sink;
    this.meters = meters;
  }

  /** Puts the record that the node is called with into the box. */
  void put(Record<byte[], byte[]> record, ErrorCode code, String message) {
    meters.countDeadLetter();
    RecordMetadata metadata = context.recordMetadata().orElseThrow();
    var origin =
        new DeadLetterHeaders.Origin(
            metadata.topic(), metadata.partition(), metadata.offset(), record.timestamp());
    DeadLetterParts parts = new DeadLetterParts(message);
    byte[] key = parts.key(record.key());
    byte[] value = parts.value(record.value());
    context.forward(
        new Record<Object, Object>(
            key,
            value,
            context.currentSystemTimeMs(),
            parts.headers(record.headers(), origin, code.wireName(), NAME)),
        sink);
  }
}
