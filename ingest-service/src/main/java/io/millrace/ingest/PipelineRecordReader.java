package io.millrace.ingest;

import io.millrace.schemas.serde.UndecodableValueException;
import java.util.Optional;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes records of the pipeline's own topics. What cannot be decoded is counted and passed over:
 * somebody else wrote it there, and it must not stop the results of others.
 */
final class PipelineRecordReader<T> {

  private static final Logger LOG = LoggerFactory.getLogger(PipelineRecordReader.class);

  private final String topic;
  private final Deserializer<T> deserializer;
  private final Patience patience;
  private final IngestMeters meters;

  PipelineRecordReader(
      String topic, Deserializer<T> deserializer, Patience patience, IngestMeters meters) {
    this.topic = topic;
    this.deserializer = deserializer;
    this.patience = patience;
    this.meters = meters;
  }

  /** The value; empty for a tombstone and for what cannot be read. */
  Optional<T> read(Record<byte[], byte[]> input) {
    if (input.value() == null) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(
          patience.with(() -> deserializer.deserialize(topic, input.value())));
    } catch (UndecodableValueException e) {
      meters.undecodable(topic);
      LOG.warn("passed over a record of {}: {}", topic, e.getMessage());
      return Optional.empty();
    }
  }
}
