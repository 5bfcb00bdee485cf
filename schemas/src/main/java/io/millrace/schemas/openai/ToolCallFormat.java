package io.millrace.schemas.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls of an assistant message. Calls of another type or with unknown fields have no place in
 * the model: then the whole array is kept in the message's extra fields as well, and written back
 * as long as nobody changed the calls.
 */
final class ToolCallFormat {

  static final String NAME = "tool_calls";

  private ToolCallFormat() {}

  /** The function calls among the calls. */
  static List<ToolCall> read(Iterable<JsonNode> calls, String path) throws InvalidBodyException {
    List<ToolCall> functions = new ArrayList<>();
    int index = 0;
    for (JsonNode call : calls) {
      Fields fields = Fields.of(call, path + "[" + index++ + "]");
      @Nullable String type = fields.text("type");
      if (type == null || type.equals("function")) {
        Fields function = fields.requiredObject("function");
        functions.add(
            new ToolCall(
                fields.requiredText("id"),
                function.requiredText("name"),
                function.requiredText("arguments")));
      }
    }
    return functions;
  }

  /** Keeps the array as it was sent, when the calls read from it do not say all of it. */
  static void keep(
      @Nullable JsonNode sent, List<ToolCall> calls, String path, Map<String, String> extra)
      throws InvalidBodyException {
    if (sent != null && !sent.isEmpty() && !JsonText.same(sent, plain(calls))) {
      extra.put(NAME, JsonText.of(sent, path));
    }
  }

  static void write(ObjectNode body, Message message) {
    @Nullable String kept = message.extra().get(NAME);
    if (kept != null) {
      JsonNode sent = JsonText.tree(kept, NAME);
      if (stillSays(sent, message.toolCalls())) {
        body.set(NAME, sent);
        return;
      }
    }
    if (!message.toolCalls().isEmpty()) {
      body.set(NAME, plain(message.toolCalls()));
    }
  }

  private static boolean stillSays(JsonNode sent, List<ToolCall> calls) {
    try {
      return read(sent, NAME).equals(calls);
    } catch (InvalidBodyException e) {
      throw new IllegalArgumentException("extra field " + NAME + ": " + e.getMessage(), e);
    }
  }

  private static ArrayNode plain(List<ToolCall> calls) {
    ArrayNode array = JsonText.object().arrayNode(calls.size());
    for (ToolCall call : calls) {
      ObjectNode body = array.addObject().put("id", call.id()).put("type", "function");
      body.putObject("function").put("name", call.name()).put("arguments", call.arguments());
    }
    return array;
  }
}
