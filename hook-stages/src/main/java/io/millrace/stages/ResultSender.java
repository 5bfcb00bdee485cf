package io.millrace.stages;

import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.HeaderEntry;
import io.millrace.schemas.topic.HeaderNames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Sends a result where it belongs: always to completions, and wherever else it is wanted. */
final class ResultSender {

  private final ProcessorContext<String, Object> context;
  private final StageSetup setup;

  ResultSender(ProcessorContext<String, Object> context, StageSetup setup) {
    this.context = context;
    this.setup = setup;
  }

  void send(CompletionResult result, List<HeaderEntry> requestHeaders) {
    Headers headers = headersOf(requestHeaders);
    String id = result.getRequestId();
    long at = result.getFinishedAtMillis();
    context.forward(new Record<>(id, result, at, headers), StageNodes.TO_COMPLETIONS);
    if (setup.jsonMirror()) {
      context.forward(new Record<>(id, result, at, headers), StageNodes.TO_COMPLETIONS_JSON);
    }
    Header replyTopic = headers.lastHeader(HeaderNames.SPRING_REPLY_TOPIC);
    if (replyTopic != null) {
      String topic = new String(replyTopic.value(), StandardCharsets.UTF_8);
      if (setup.replyTopics().contains(topic)) {
        ReplyCopy copy = new ReplyCopy(topic, replyPartition(headers), result);
        context.forward(new Record<>(id, copy, at, headers), StageNodes.TO_REPLY_TOPIC);
      }
    }
  }

  private static Headers headersOf(List<HeaderEntry> entries) {
    RecordHeaders headers = new RecordHeaders();
    for (HeaderEntry entry : entries) {
      ByteBuffer value = entry.getValue();
      headers.add(entry.getKey(), value == null ? null : bytes(value));
    }
    return headers;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.duplicate().get(copy);
    return copy;
  }

  private static OptionalInt replyPartition(Headers headers) {
    Header partition = headers.lastHeader(HeaderNames.SPRING_REPLY_PARTITION);
    return partition != null && partition.value().length == Integer.BYTES
        ? OptionalInt.of(ByteBuffer.wrap(partition.value()).getInt())
        : OptionalInt.empty();
  }

  /**
   * A copy of a result for a topic that the request named.
   *
   * @param topic one of the topics the configuration allows
   * @param partition the partition the request named, if it did
   * @param result the result
   */
  record ReplyCopy(String topic, OptionalInt partition, CompletionResult result) {}
}
