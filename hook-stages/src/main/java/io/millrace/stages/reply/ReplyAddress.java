package io.millrace.stages.reply;

import io.millrace.schemas.topic.HeaderNames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Where a request wants a copy of its result. Headers are anybody's: what makes no sense is as if
 * it was not there.
 *
 * @param topic one that the configuration allows
 * @param partition not negative; null where the request did not name one
 */
record ReplyAddress(String topic, @Nullable Integer partition) {

  /** The address in a result's headers, which are its request's. */
  static Optional<ReplyAddress> in(Headers headers, Set<String> allowed) {
    byte[] name = value(headers, HeaderNames.SPRING_REPLY_TOPIC);
    if (name == null) {
      return Optional.empty();
    }
    String topic = new String(name, StandardCharsets.UTF_8);
    return allowed.contains(topic)
        ? Optional.of(new ReplyAddress(topic, partition(headers)))
        : Optional.empty();
  }

  private static @Nullable Integer partition(Headers headers) {
    byte[] value = value(headers, HeaderNames.SPRING_REPLY_PARTITION);
    if (value == null || value.length != Integer.BYTES) {
      return null;
    }
    int partition = ByteBuffer.wrap(value).getInt();
    return partition < 0 ? null : partition;
  }

  private static byte @Nullable [] value(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null ? null : header.value();
  }
}
