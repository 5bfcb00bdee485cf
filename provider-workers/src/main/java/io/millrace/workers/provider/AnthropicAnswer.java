package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.openai.InvalidBodyException;
import java.util.Map;
import java.util.Set;

/**
 * An answer of the Messages interface as a chat completion. What a chat completion has no place for
 * is kept under names of its own: {@code reasoning_content} and {@code thinking_blocks}; all blocks
 * as they came in {@code content_blocks}, where they say more than text, tools and thinking.
 */
final class AnthropicAnswer {

  static final String CONTENT_BLOCKS = "content_blocks";

  /** Fields with a place of their own; the others are kept as they are. */
  private static final Set<String> TRANSLATED =
      Set.of("type", "role", "id", "model", "content", "stop_reason", "stop_sequence", "usage");

  private AnthropicAnswer() {}

  /**
   * Translates a whole answer.
   *
   * @throws InvalidBodyException when it is none
   */
  static ObjectNode translate(JsonNode body, long createdSeconds) throws InvalidBodyException {
    if (!body.path("content").isArray()) {
      throw new InvalidBodyException("content must be an array of blocks", "content");
    }
    ObjectNode whole = head(body, createdSeconds, "chat.completion");
    ObjectNode choice = whole.putArray("choices").addObject().put("index", 0);
    choice.set("message", message(body.path("content")));
    finish(choice, body);
    whole.set("usage", AnthropicUsage.translate(body.path("usage")));
    return whole;
  }

  /** What an answer and each of its chunks begin with. */
  static ObjectNode head(JsonNode message, long createdSeconds, String object) {
    ObjectNode head = JsonNodeFactory.instance.objectNode();
    head.put("id", message.path("id").asText(""));
    head.put("object", object).put("created", createdSeconds);
    head.put("model", message.path("model").asText(""));
    keepRest(head, message);
    return head;
  }

  /** Keeps what has no place. */
  static void keepRest(ObjectNode head, JsonNode message) {
    for (Map.Entry<String, JsonNode> field : message.properties()) {
      if (!TRANSLATED.contains(field.getKey()) && !field.getValue().isNull()) {
        head.set(field.getKey(), field.getValue());
      }
    }
  }

  /** Says why an answer ends; where a chat's word says less, the original stands beside it. */
  static void finish(ObjectNode choice, JsonNode message) {
    String reason = message.path("stop_reason").asText("");
    String translated =
        switch (reason) {
          case "", "end_turn", "stop_sequence" -> "stop";
          case "max_tokens", "model_context_window_exceeded" -> "length";
          case "tool_use" -> "tool_calls";
          case "refusal" -> "content_filter";
          default -> reason;
        };
    choice.put("finish_reason", translated);
    if (Set.of("stop_sequence", "model_context_window_exceeded").contains(reason)) {
      choice.put("stop_reason", reason);
    }
    if (message.path("stop_sequence").isTextual()) {
      choice.set("stop_sequence", message.path("stop_sequence"));
    }
  }

  /** Whether a block is more than a chat completion can say. */
  static boolean saysMore(JsonNode block) {
    return switch (block.path("type").asText()) {
      case "text" -> !block.path("citations").isEmpty();
      case "tool_use", "thinking", "redacted_thinking" -> false;
      default -> true;
    };
  }

  private static ObjectNode message(JsonNode blocks) {
    ObjectNode message = JsonNodeFactory.instance.objectNode().put("role", "assistant");
    StringBuilder text = new StringBuilder();
    StringBuilder reasoning = new StringBuilder();
    ArrayNode calls = message.arrayNode();
    ArrayNode thinking = message.arrayNode();
    boolean more = false;
    boolean hasText = false;
    for (JsonNode block : blocks) {
      more |= saysMore(block);
      switch (block.path("type").asText()) {
        case "text" -> {
          hasText = true;
          text.append(block.path("text").asText());
        }
        case "tool_use" -> calls.add(call(block));
        case "thinking" -> {
          reasoning.append(block.path("thinking").asText());
          thinking.add(block);
        }
        case "redacted_thinking" -> thinking.add(block);
        default -> {}
      }
    }
    message.put("content", hasText ? text.toString() : null);
    put(message, "tool_calls", calls);
    if (!reasoning.isEmpty()) {
      message.put("reasoning_content", reasoning.toString());
    }
    put(message, AnthropicMessages.THINKING_BLOCKS, thinking);
    put(message, CONTENT_BLOCKS, more ? blocks : message.arrayNode());
    return message;
  }

  private static ObjectNode call(JsonNode block) {
    ObjectNode call = JsonNodeFactory.instance.objectNode();
    call.put("id", block.path("id").asText()).put("type", "function");
    call.putObject("function")
        .put("name", block.path("name").asText())
        .put("arguments", block.path("input").toString());
    return call;
  }

  private static void put(ObjectNode message, String name, JsonNode array) {
    if (!array.isEmpty()) {
      message.set(name, array);
    }
  }
}
