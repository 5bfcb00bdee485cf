package io.millrace.ingest;

import io.millrace.schemas.avro.HeaderEntry;
import io.millrace.schemas.topic.DeadLetterHeaders.Origin;
import io.millrace.schemas.topic.HeaderNames;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Reads what the place and the headers of a record say about its request. */
final class RecordSubmission {

  private RecordSubmission() {}

  /**
   * The submission of a record; without an id of its own it is named after its place.
   *
   * @param sizeBytes of the value and the headers
   */
  static Submission read(Headers headers, Origin origin, long sizeBytes) throws RefusedException {
    String assignedId =
        RequestIds.ofRecord(
            origin.topic(), origin.partition(), origin.offset(), origin.timestampMillis());
    String lane = text(headers, HeaderNames.LANE);
    String timeout = text(headers, HeaderNames.TIMEOUT_MILLIS);
    String fallbacks = text(headers, HeaderNames.FALLBACKS);
    return Submission.of(assignedId, sizeBytes)
        .withRequestId(text(headers, HeaderNames.REQUEST_ID))
        .withTenant(text(headers, HeaderNames.TENANT))
        .withLane(lane == null ? null : HeaderValues.lane(HeaderNames.LANE, lane))
        .withTimeout(
            timeout == null ? null : HeaderValues.millis(HeaderNames.TIMEOUT_MILLIS, timeout))
        .withFallbacks(fallbacks == null ? null : HeaderValues.fallbacks(fallbacks))
        .withHeaders(carried(headers));
  }

  /** How many bytes the headers take, names included. */
  static long sizeBytes(Headers headers) {
    long bytes = 0;
    for (Header header : headers) {
      bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
    }
    return bytes;
  }

  private static List<HeaderEntry> carried(Headers headers) {
    List<HeaderEntry> entries = new ArrayList<>();
    for (Header header : headers) {
      if (!header.key().startsWith(HeaderNames.PREFIX)) {
        byte[] value = header.value();
        entries.add(new HeaderEntry(header.key(), value == null ? null : ByteBuffer.wrap(value)));
      }
    }
    return entries;
  }

  private static @Nullable String text(Headers headers, String name) throws RefusedException {
    Header header = headers.lastHeader(name);
    if (header == null || header.value() == null) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(header.value())).toString();
    } catch (CharacterCodingException e) {
      throw RefusedException.invalid("the header " + name + " is not UTF-8 text");
    }
  }
}
