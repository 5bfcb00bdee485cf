package io.millrace.schemas.topic;

import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a dead letter: the record's own, and headers that say why.
 *
 * <p>A record that was compressed on its way in may be larger than any that can go out. So that it
 * cannot stop the pipeline, its value is cut to what fits, and a key or headers of more than a
 * megabyte are left out; the message says so. Take the headers last. For one record and one thread.
 */
public final class DeadLetterParts {

  private static final int MAX_PART_BYTES = 1024 * 1024;

  /** The most of a value; leaves room for key, headers and the record's own framing. */
  public static final int MAX_VALUE_BYTES = Topic.MAX_RECORD_BYTES - 3 * MAX_PART_BYTES;

  private final StringBuilder message;

  /**
   * Nothing is cut yet.
   *
   * @param message what was wrong and what would be right
   */
  public DeadLetterParts(String message) {
    this.message = new StringBuilder(message);
  }

  /** The key, or null where it is too long. */
  public byte @Nullable [] key(byte @Nullable [] key) {
    if (key == null || key.length <= MAX_PART_BYTES) {
      return key;
    }
    message.append(" (the key of ").append(key.length).append(" bytes was left out)");
    return null;
  }

  /** The same of a key that was read as text. */
  public @Nullable String key(@Nullable String key) {
    if (key == null || key.length() <= MAX_PART_BYTES / 3) {
      return key;
    }
    message.append(" (the key of ").append(key.length()).append(" characters was left out)");
    return null;
  }

  /** The value, or its beginning. */
  public byte @Nullable [] value(byte @Nullable [] value) {
    if (value == null || value.length <= MAX_VALUE_BYTES) {
      return value;
    }
    message.append(" (the value of ").append(value.length).append(" bytes was cut)");
    return Arrays.copyOf(value, MAX_VALUE_BYTES);
  }

  /** The record's headers, if they are not too long, and those of {@link DeadLetterHeaders}. */
  public Headers headers(
      Headers headers, DeadLetterHeaders.Origin origin, String errorCode, String failedBy) {
    long bytes = sizeBytes(headers);
    boolean fits = bytes <= MAX_PART_BYTES;
    if (!fits) {
      message.append(" (headers of ").append(bytes).append(" bytes were left out)");
    }
    return DeadLetterHeaders.describe(
        fits ? headers : new RecordHeaders(), origin, errorCode, message.toString(), failedBy);
  }

  private static long sizeBytes(Headers headers) {
    long bytes = 0;
    for (Header header : headers) {
      bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
    }
    return bytes;
  }
}
