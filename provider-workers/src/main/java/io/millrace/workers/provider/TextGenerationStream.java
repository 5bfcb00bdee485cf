package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stream of tokens; the last event has the whole text and says why it ends. */
final class TextGenerationStream implements StreamReader {

  private final ObjectNode head;
  private final @Nullable String secret;
  private final StringBuilder text = new StringBuilder();
  private boolean begun;

  TextGenerationStream(ObjectNode head, @Nullable String secret) {
    this.head = head;
    this.secret = secret;
  }

  @Override
  public Step read(SseEvent event) throws InvalidBodyException {
    byte[] bytes = event.data().getBytes(StandardCharsets.UTF_8);
    JsonNode body = ChatCompletions.parse(bytes);
    if (body.hasNonNull("error")) {
      return new Step.Fault(ErrorBody.of(body, bytes, secret));
    }
    JsonNode token = body.path("token");
    if (!token.path("text").isTextual()) {
      throw new InvalidBodyException("token.text is required", "token.text");
    }
    String piece = token.path("special").asBoolean() ? "" : token.path("text").asText();
    text.append(piece);
    return body.path("generated_text").isTextual() ? end(body, piece) : chunkOf(piece);
  }

  private Step chunkOf(String piece) {
    return piece.isEmpty() && begun ? Step.nothing() : Step.chunk(content(piece));
  }

  /** A stop sequence may be in the tokens and not in the text, or the other way round. */
  private Step end(JsonNode body, String piece) {
    String whole = body.path("generated_text").asText();
    boolean more = whole.startsWith(text.toString());
    ObjectNode last = content(more ? piece + whole.substring(text.length()) : piece);
    ((ObjectNode) last.at("/choices/0"))
        .put("finish_reason", TextGenerationFormat.finishReason(body.path("details")));
    ObjectNode usage = head.deepCopy();
    usage.putArray("choices");
    usage.set("usage", TextGenerationFormat.usage(body.path("details")));
    return new Step.End(List.of(last, usage));
  }

  private ObjectNode content(String piece) {
    ObjectNode chunk = head.deepCopy();
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    ObjectNode delta = choice.putObject("delta");
    if (!begun) {
      delta.put("role", "assistant");
    }
    begun = true;
    delta.put("content", piece);
    choice.putNull("finish_reason");
    return chunk;
  }
}
