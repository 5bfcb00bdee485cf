package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stream whose events are chunks already, until {@code [DONE]}. */
final class OpenAiStream implements StreamReader {

  private static final String DONE = "[DONE]";

  private final @Nullable String secret;

  OpenAiStream(@Nullable String secret) {
    this.secret = secret;
  }

  @Override
  public Step read(SseEvent event) throws InvalidBodyException {
    if (event.data().strip().equals(DONE)) {
      return new Step.End(List.of());
    }
    byte[] bytes = event.data().getBytes(StandardCharsets.UTF_8);
    JsonNode body = ChatCompletions.parse(bytes);
    JsonNode failed = event.type().equals("error") ? body : AnswerEnd.failed(body);
    if (failed != null) {
      return new Step.Fault(ErrorBody.of(failed, bytes, secret));
    }
    if (body instanceof ObjectNode chunk) {
      AnswerEnd.settle(chunk);
      return Step.chunk(chunk);
    }
    throw new InvalidBodyException("an event of the stream must be a JSON object", null);
  }
}
