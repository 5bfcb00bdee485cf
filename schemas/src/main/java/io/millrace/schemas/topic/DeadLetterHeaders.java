package io.millrace.schemas.topic;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Builds the headers of a dead letter: the record's own, and why it is one and where it came from.
 */
public final class DeadLetterHeaders {

  /** The longest message, in characters; what is longer is cut. */
  public static final int MAX_MESSAGE_CHARACTERS = 1_000;

  private DeadLetterHeaders() {}

  /**
   * Headers for the dead letter of one record.
   *
   * @param original the record's headers; not changed
   * @param origin where the record was
   * @param errorCode stable name of the failure
   * @param message what was wrong and what would be right
   * @param failedBy the component that refused it
   */
  public static Headers describe(
      Headers original, Origin origin, String errorCode, String message, String failedBy) {
    Headers headers = new RecordHeaders(original);
    put(headers, HeaderNames.ERROR_CODE, errorCode);
    put(headers, HeaderNames.ERROR_MESSAGE, bounded(message));
    put(headers, HeaderNames.ORIGIN_TOPIC, origin.topic());
    put(headers, HeaderNames.ORIGIN_PARTITION, Integer.toString(origin.partition()));
    put(headers, HeaderNames.ORIGIN_OFFSET, Long.toString(origin.offset()));
    put(headers, HeaderNames.ORIGIN_TIMESTAMP_MILLIS, Long.toString(origin.timestampMillis()));
    put(headers, HeaderNames.FAILED_BY, failedBy);
    return headers;
  }

  private static void put(Headers headers, String name, String value) {
    headers.remove(name);
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private static String bounded(String message) {
    return message.length() <= MAX_MESSAGE_CHARACTERS
        ? message
        : message.substring(0, MAX_MESSAGE_CHARACTERS) + "…";
  }

  /**
   * Where a record was.
   *
   * @param timestampMillis the record's timestamp, UTC
   */
  public record Origin(String topic, int partition, long offset, long timestampMillis) {}
}
