package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.ToolCall;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as the Messages interface has it: what the system says stands apart, results of
 * tools are what the user says, first of all, and two messages of one side in a row are one.
 */
final class AnthropicMessages {

  private static final String USER = "user";
  private static final String ASSISTANT = "assistant";
  private static final String TOOL_RESULT = "tool_result";

  /** Where answers keep their thinking, so that it can be sent back as it came. */
  static final String THINKING_BLOCKS = "thinking_blocks";

  private final List<JsonNode> system = new ArrayList<>();
  private final List<Turn> turns = new ArrayList<>();

  private AnthropicMessages() {}

  /**
   * Writes {@code system} and {@code messages}.
   *
   * @throws UnmappableRequestException when a message has a part that cannot be mapped
   */
  static void write(ObjectNode body, List<Message> messages) throws UnmappableRequestException {
    AnthropicMessages conversation = new AnthropicMessages();
    for (Message message : messages) {
      conversation.add(message);
    }
    if (!conversation.system.isEmpty()) {
      body.set("system", plainOr(conversation.system));
    }
    ArrayNode array = body.putArray("messages");
    for (Turn turn : conversation.turns) {
      array.addObject().put("role", turn.role()).set("content", plainOr(turn.ordered()));
    }
  }

  private void add(Message message) throws UnmappableRequestException {
    switch (message.role()) {
      case "system", "developer" -> system.addAll(AnthropicContent.blocks(message.content()));
      case ASSISTANT -> turn(ASSISTANT).blocks().addAll(assistant(message));
      case "tool" -> turn(USER).blocks().add(toolResult(message));
      default -> turn(USER).blocks().addAll(AnthropicContent.blocks(message.content()));
    }
  }

  private Turn turn(String role) {
    if (turns.isEmpty() || !turns.getLast().role().equals(role)) {
      turns.add(new Turn(role, new ArrayList<>()));
    }
    return turns.getLast();
  }

  private static List<JsonNode> assistant(Message message) throws UnmappableRequestException {
    List<JsonNode> blocks = new ArrayList<>();
    JsonNode thinking =
        WireJson.read(message.extra().get(THINKING_BLOCKS), "extra field " + THINKING_BLOCKS);
    thinking.forEach(blocks::add);
    blocks.addAll(AnthropicContent.blocks(message.content()));
    for (ToolCall call : message.toolCalls()) {
      ObjectNode block = JsonNodeFactory.instance.objectNode().put("type", "tool_use");
      block.put("id", call.id()).put("name", call.name()).set("input", input(call));
      blocks.add(block);
    }
    return blocks;
  }

  private static JsonNode input(ToolCall call) throws UnmappableRequestException {
    String arguments = call.arguments().isBlank() ? "{}" : call.arguments();
    try {
      if (WireJson.read(arguments, "arguments") instanceof ObjectNode input) {
        return input;
      }
    } catch (IllegalArgumentException e) {
      throw badArguments(call);
    }
    throw badArguments(call);
  }

  private static UnmappableRequestException badArguments(ToolCall call) {
    return new UnmappableRequestException(
        "the arguments of tool call %s must be a JSON object in text".formatted(call.id()));
  }

  private static JsonNode toolResult(Message message) throws UnmappableRequestException {
    ObjectNode block = JsonNodeFactory.instance.objectNode().put("type", TOOL_RESULT);
    block.put("tool_use_id", message.toolCallId());
    @Nullable Content content = message.content();
    switch (content) {
      case null -> {}
      case Content.Text text -> block.put("content", text.text());
      case Content.Parts parts -> block.putArray("content").addAll(AnthropicContent.blocks(parts));
    }
    return block;
  }

  /** One block of nothing but text is written as that text. */
  private static JsonNode plainOr(List<JsonNode> blocks) {
    if (blocks.size() == 1
        && blocks.getFirst().size() == 2
        && blocks.getFirst().path("type").asText().equals("text")) {
      return blocks.getFirst().path("text");
    }
    return JsonNodeFactory.instance.arrayNode().addAll(blocks);
  }

  /** What one side says before the other does. */
  private record Turn(String role, List<JsonNode> blocks) {

    /** Results of tools come first: the interface demands it. */
    List<JsonNode> ordered() {
      List<JsonNode> ordered = new ArrayList<>(blocks.stream().filter(Turn::isResult).toList());
      blocks.stream().filter(block -> !isResult(block)).forEach(ordered::add);
      return ordered;
    }

    private static boolean isResult(JsonNode block) {
      return block.path("type").asText().equals(TOOL_RESULT);
    }
  }
}
