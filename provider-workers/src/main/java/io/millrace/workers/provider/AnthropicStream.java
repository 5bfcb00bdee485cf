package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of a streamed answer of the Messages interface, as chunks of a chat completion. */
final class AnthropicStream implements StreamReader {

  private final long createdSeconds;
  private final @Nullable String secret;
  private final AnthropicBlocks blocks = new AnthropicBlocks();
  private final ObjectNode usage = JsonNodeFactory.instance.objectNode();
  private @Nullable ObjectNode head;

  AnthropicStream(long createdSeconds, @Nullable String secret) {
    this.createdSeconds = createdSeconds;
    this.secret = secret;
  }

  @Override
  public Step read(SseEvent event) throws InvalidBodyException {
    byte[] bytes = event.data().getBytes(StandardCharsets.UTF_8);
    JsonNode body = ChatCompletions.parse(bytes);
    return switch (body.path("type").asText(event.type())) {
      case "error" -> new Step.Fault(ErrorBody.of(body, bytes, secret));
      case "message_start" -> start(body.path("message"));
      case "content_block_start" -> delta(blocks.start(body));
      case "content_block_delta" -> delta(blocks.delta(body));
      case "content_block_stop" -> delta(blocks.stop(body));
      case "message_delta" -> finish(body);
      case "message_stop" -> end();
      default -> Step.nothing();
    };
  }

  private Step start(JsonNode message) throws InvalidBodyException {
    if (!message.isObject()) {
      throw new InvalidBodyException("message_start must hold a message", "message");
    }
    head = AnthropicAnswer.head(message, createdSeconds, "chat.completion.chunk");
    noteUsage(message.path("usage"));
    return delta(JsonNodeFactory.instance.objectNode().put("role", "assistant"));
  }

  private Step delta(@Nullable ObjectNode delta) throws InvalidBodyException {
    return delta == null ? Step.nothing() : Step.chunk(chunk(delta));
  }

  private Step finish(JsonNode event) throws InvalidBodyException {
    JsonNode delta = event.path("delta");
    noteUsage(event.path("usage"));
    AnthropicAnswer.keepRest(begun(), delta);
    if (!delta.hasNonNull("stop_reason")) {
      return Step.nothing();
    }
    ObjectNode chunk = chunk(blocks.whole());
    AnthropicAnswer.finish((ObjectNode) chunk.at("/choices/0"), delta);
    return Step.chunk(chunk);
  }

  private Step end() throws InvalidBodyException {
    ObjectNode last = begun().deepCopy();
    last.putArray("choices");
    last.set("usage", AnthropicUsage.translate(usage));
    return new Step.End(List.of(last));
  }

  /** Counts are totals: later ones replace earlier ones. */
  private void noteUsage(JsonNode given) {
    given.properties().stream()
        .filter(field -> !field.getValue().isNull())
        .forEach(field -> usage.set(field.getKey(), field.getValue()));
  }

  private ObjectNode chunk(ObjectNode delta) throws InvalidBodyException {
    ObjectNode chunk = begun().deepCopy();
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    choice.putNull("finish_reason");
    return chunk;
  }

  private ObjectNode begun() throws InvalidBodyException {
    if (head == null) {
      throw new InvalidBodyException("the stream must begin with message_start", null);
    }
    return head;
  }
}
