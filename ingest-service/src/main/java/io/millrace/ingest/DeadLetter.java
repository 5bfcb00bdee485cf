package io.millrace.ingest;

import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.topic.DeadLetterHeaders;
import io.millrace.schemas.topic.DeadLetterHeaders.Origin;
import io.millrace.schemas.topic.Topic;
import java.util.Arrays;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Makes the dead letter of a record: its own key, bytes and headers, and headers that say why.
 *
 * <p>A record that was compressed on its way in may be larger than any that can go out. So that it
 * cannot stop the pipeline, its value is cut to what fits, and a key or headers of more than a
 * megabyte are left out; the message says so.
 */
final class DeadLetter {

  static final String FAILED_BY = "admission";

  private static final int MAX_PART_BYTES = 1024 * 1024;

  /** Leaves room for key, headers and the record's own framing. */
  static final int MAX_VALUE_BYTES = Topic.MAX_RECORD_BYTES - 3 * MAX_PART_BYTES;

  private DeadLetter() {}

  static Record<byte @Nullable [], byte @Nullable []> of(
      Record<byte[], byte[]> original, Origin origin, PipelineError error) {
    StringBuilder message = new StringBuilder(error.message());
    byte[] key = boundedKey(original.key(), message);
    byte[] value = boundedValue(original.value(), message);
    Headers headers = boundedHeaders(original.headers(), message);
    return new Record<>(
        key,
        value,
        original.timestamp(),
        DeadLetterHeaders.describe(headers, origin, error.code(), message.toString(), FAILED_BY));
  }

  private static byte @Nullable [] boundedKey(byte @Nullable [] key, StringBuilder message) {
    if (key == null || key.length <= MAX_PART_BYTES) {
      return key;
    }
    message.append(" (the key of ").append(key.length).append(" bytes was left out)");
    return null;
  }

  private static byte @Nullable [] boundedValue(byte @Nullable [] value, StringBuilder message) {
    if (value == null || value.length <= MAX_VALUE_BYTES) {
      return value;
    }
    message.append(" (the value of ").append(value.length).append(" bytes was cut)");
    return Arrays.copyOf(value, MAX_VALUE_BYTES);
  }

  private static Headers boundedHeaders(Headers headers, StringBuilder message) {
    long bytes = RecordSubmission.sizeBytes(headers);
    if (bytes <= MAX_PART_BYTES) {
      return headers;
    }
    message.append(" (headers of ").append(bytes).append(" bytes were left out)");
    return new RecordHeaders();
  }
}
