package io.millrace.ingest;

import io.millrace.schemas.serde.UndecodableValueException;
import io.millrace.schemas.topic.Topic;
import java.util.Optional;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes records of the pipeline's own topics. What cannot be decoded, or was compressed and is
 * larger than what can be written, is counted and passed over: somebody else wrote it there, and it
 * must not stop the results of others.
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
    if (input.value().length > Topic.MAX_EXCHANGE_BYTES) {
      return passOver(input.value().length + " bytes are more than could be kept");
    }
    try {
      return Optional.ofNullable(
          patience.with(() -> deserializer.deserialize(topic, input.value())));
    } catch (UndecodableValueException e) {
      return passOver(e.getMessage());
    }
  }

  private Optional<T> passOver(@Nullable String reason) {
    meters.undecodable(topic);
    LOG.warn("passed over a record of {}: {}", topic, reason);
    return Optional.empty();
  }
}
