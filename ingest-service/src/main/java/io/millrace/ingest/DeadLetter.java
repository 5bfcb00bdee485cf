package io.millrace.ingest;

import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.topic.DeadLetterHeaders.Origin;
import io.millrace.schemas.topic.DeadLetterParts;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Makes the dead letter of a record: its own key, bytes and headers, and headers that say why. */
final class DeadLetter {

  static final String FAILED_BY = "admission";

  private DeadLetter() {}

  /**
   * A dead letter.
   *
   * @param nowMillis its time: a broker refuses times far from its own, and the record's is in the
   *     headers
   */
  static Record<byte @Nullable [], byte @Nullable []> of(
      Record<byte[], byte[]> original, Origin origin, PipelineError error, long nowMillis) {
    DeadLetterParts parts = new DeadLetterParts(error.message());
    byte[] key = parts.key(original.key());
    byte[] value = parts.value(original.value());
    return new Record<>(
        key, value, nowMillis, parts.headers(original.headers(), origin, error.code(), FAILED_BY));
  }
}
