package io.millrace.schemas.streams;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * Takes a record's time as it is, and a negative one, which Kafka lets clients in other languages
 * write, as 0. Streams' own extractor ends the thread that meets one, and the next that takes over,
 * until the application stops; and what is passed over would be lost. The time is always the same
 * for the same record: ids are made of it. Needs a public constructor without parameters.
 */
public final class AnyTime implements TimestampExtractor {

  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    return Math.max(0, record.timestamp());
  }
}
