package io.millrace.stages;

import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.HeaderEntry;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Sends a result where it belongs: to completions, and to their mirror. Its headers are its
 * request's, so whoever copies results further knows where to, see {@link
 * io.millrace.stages.reply.ReplyCourier}.
 */
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
}
