package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The blocks of a streamed answer as they grow. For one stream and one thread. */
final class AnthropicBlocks {

  /** The most blocks of one answer. */
  private static final int MAX_BLOCKS = 10_000;

  /** The most characters that are kept besides what is handed on. */
  private static final int MAX_HIDDEN = 8 * 1024 * 1024;

  private final Map<Integer, Growing> blocks = new TreeMap<>();
  private final AssemblyBudget hidden = new AssemblyBudget(MAX_HIDDEN);
  private int calls;

  /** A block begins; what that adds to the message, or null. */
  @Nullable ObjectNode start(JsonNode event) throws InvalidBodyException {
    if (!(event.path("content_block") instanceof ObjectNode block) || blocks.size() >= MAX_BLOCKS) {
      throw new InvalidBodyException("content_block must be a block", "content_block");
    }
    Growing growing = new Growing(block, calls);
    blocks.put(event.path("index").asInt(), growing);
    ObjectNode delta = JsonNodeFactory.instance.objectNode();
    return switch (growing.type()) {
      case "text" -> delta.put("content", block.path("text").asText(""));
      case "tool_use" -> {
        ObjectNode call = call(delta, calls++);
        call.put("id", block.path("id").asText()).put("type", "function");
        call.putObject("function").put("name", block.path("name").asText()).put("arguments", "");
        yield delta;
      }
      default -> null;
    };
  }

  /** A block grows; what that adds to the message, or null. */
  @Nullable ObjectNode delta(JsonNode event) throws InvalidBodyException {
    Growing growing = at(event);
    JsonNode piece = event.path("delta");
    ObjectNode delta = JsonNodeFactory.instance.objectNode();
    switch (piece.path("type").asText()) {
      case "text_delta" -> {
        growing.text.append(piece.path("text").asText());
        return delta.put("content", piece.path("text").asText());
      }
      case "input_json_delta" -> {
        return input(growing, piece.path("partial_json").asText(), delta);
      }
      case "thinking_delta" -> {
        growing.text.append(piece.path("thinking").asText());
        return delta.put("reasoning_content", piece.path("thinking").asText());
      }
      case "signature_delta" -> {
        String signature = piece.path("signature").asText();
        hidden.take(signature.length());
        growing.signature.append(signature);
      }
      case "citations_delta" -> {
        hidden.take(piece.toString().length());
        growing.cite(piece.path("citation"));
      }
      default -> {}
    }
    return null;
  }

  /** A block is complete; what that adds to the message, or null. */
  @Nullable ObjectNode stop(JsonNode event) throws InvalidBodyException {
    Growing growing = at(event);
    ObjectNode delta = JsonNodeFactory.instance.objectNode();
    if (growing.type().equals("tool_use") && growing.json.isEmpty()) {
      return input(growing, growing.block.path("input").toString(), delta);
    }
    if (growing.type().equals("thinking") || growing.type().equals("redacted_thinking")) {
      delta.putArray(AnthropicMessages.THINKING_BLOCKS).add(growing.whole());
      return delta;
    }
    return null;
  }

  /** What the end of the answer adds: all blocks, where they say more than the chunks did. */
  ObjectNode whole() throws InvalidBodyException {
    ObjectNode delta = JsonNodeFactory.instance.objectNode();
    if (blocks.values().stream().anyMatch(block -> AnthropicAnswer.saysMore(block.block))) {
      ArrayNode all = delta.putArray(AnthropicAnswer.CONTENT_BLOCKS);
      for (Growing growing : blocks.values()) {
        all.add(growing.whole());
      }
    }
    return delta;
  }

  private @Nullable ObjectNode input(Growing growing, String json, ObjectNode delta)
      throws InvalidBodyException {
    hidden.take(json.length());
    growing.json.append(json);
    if (!growing.type().equals("tool_use") || json.isEmpty()) {
      return null;
    }
    call(delta, growing.call).putObject("function").put("arguments", json);
    return delta;
  }

  private static ObjectNode call(ObjectNode delta, int index) {
    return delta.putArray("tool_calls").addObject().put("index", index);
  }

  private Growing at(JsonNode event) throws InvalidBodyException {
    Growing growing = blocks.get(event.path("index").asInt());
    if (growing == null) {
      throw new InvalidBodyException("index must name a block that has begun", "index");
    }
    return growing;
  }

  /** One block. */
  private static final class Growing {

    private final ObjectNode block;
    private final int call;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder signature = new StringBuilder();
    private final StringBuilder json = new StringBuilder();

    Growing(ObjectNode block, int call) {
      this.block = block;
      this.call = call;
    }

    String type() {
      return block.path("type").asText();
    }

    void cite(JsonNode citation) {
      ArrayNode citations =
          block.path("citations") instanceof ArrayNode soFar ? soFar : block.putArray("citations");
      citations.add(citation);
    }

    /** The block as an answer without streaming would have it. */
    ObjectNode whole() throws InvalidBodyException {
      ObjectNode whole = block.deepCopy();
      switch (type()) {
        case "text" -> whole.put("text", block.path("text").asText("") + text);
        case "thinking" -> {
          whole.put("thinking", block.path("thinking").asText("") + text);
          whole.put("signature", block.path("signature").asText("") + signature);
        }
        default -> {}
      }
      if (!json.isEmpty()) {
        whole.set("input", ChatCompletions.parse(json.toString().getBytes(StandardCharsets.UTF_8)));
      }
      return whole;
    }
  }
}
