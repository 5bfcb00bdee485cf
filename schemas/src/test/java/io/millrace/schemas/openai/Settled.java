package io.millrace.schemas.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;

/** The form of a body that remains when what counts as the same is written in one way. */
final class Settled {

  private static final List<String> NULL_IS_ABSENT =
      List.of(
          "tools",
          "tool_choice",
          "response_format",
          "temperature",
          "top_p",
          "max_tokens",
          "stop",
          "seed",
          "stream");

  private static final Comparator<JsonNode> BY_VALUE =
      (left, right) ->
          left.isNumber() && right.isNumber()
              ? left.decimalValue().compareTo(right.decimalValue())
              : left.equals(right) ? 0 : 1;

  private Settled() {}

  static ObjectNode request(ObjectNode body) {
    ObjectNode settled = body.deepCopy();
    NULL_IS_ABSENT.forEach(name -> dropNull(settled, name));
    dropEmpty(settled, "tools");
    dropEmpty(settled, "stop");
    if (settled.path("stop").isTextual()) {
      JsonNode stop = settled.get("stop");
      settled.putArray("stop").add(stop);
    }
    if (!settled.path("stream").asBoolean()) {
      settled.remove("stream");
    }
    settled.path("messages").forEach(message -> message((ObjectNode) message));
    settled.path("tools").forEach(Settled::tool);
    return settled;
  }

  static ObjectNode completion(ObjectNode body) {
    ObjectNode settled = body.deepCopy();
    settled.path("choices").forEach(choice -> message((ObjectNode) choice.get("message")));
    return settled;
  }

  static void assertSame(JsonNode actual, JsonNode expected) {
    if (!expected.equals(BY_VALUE, actual)) {
      // Fails, and shows both.
      assertThat(actual.toPrettyString()).isEqualTo(expected.toPrettyString());
      throw new AssertionError("differ: " + actual);
    }
  }

  private static void message(ObjectNode message) {
    dropNull(message, "name");
    dropNull(message, "tool_call_id");
    dropNull(message, "tool_calls");
    dropEmpty(message, "tool_calls");
    if (!message.has("content")) {
      message.putNull("content");
    }
  }

  private static void tool(JsonNode tool) {
    boolean plain = tool.size() == 2 && tool.path("type").asText().equals("function");
    if (plain) {
      ObjectNode function = (ObjectNode) tool.get("function");
      List.of("description", "parameters", "strict").forEach(name -> dropNull(function, name));
    }
  }

  private static void dropNull(ObjectNode object, String name) {
    if (object.path(name).isNull()) {
      object.remove(name);
    }
  }

  private static void dropEmpty(ObjectNode object, String name) {
    if (object.path(name).isArray() && object.path(name).isEmpty()) {
      object.remove(name);
    }
  }
}
