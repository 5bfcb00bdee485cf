package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.Tool;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tools, and which of them is to be called, as the Messages interface has them. */
final class AnthropicTools {

  private static final String CHOICE = "tool_choice";
  private static final Set<String> OWN_CHOICES = Set.of("auto", "any", "tool", "none");

  private AnthropicTools() {}

  /**
   * Writes both.
   *
   * @param oneAtATime whether the model may call one tool only
   */
  static void write(ObjectNode body, List<Tool> tools, JsonNode choice, boolean oneAtATime)
      throws UnmappableRequestException {
    if (!tools.isEmpty()) {
      ArrayNode array = body.putArray("tools");
      for (Tool tool : tools) {
        array.add(write(tool));
      }
    }
    ObjectNode chosen = choice(choice);
    if (oneAtATime && !tools.isEmpty() && !chosen.path("type").asText().equals("none")) {
      chosen.put("type", chosen.path("type").asText("auto"));
      chosen.put("disable_parallel_tool_use", true);
    }
    if (!chosen.isEmpty()) {
      body.set(CHOICE, chosen);
    }
  }

  private static JsonNode write(Tool tool) {
    return switch (tool) {
      case Tool.Function(var name, var description, var parameters, var strict) -> {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("name", name);
        if (description != null) {
          body.put("description", description);
        }
        body.set("input_schema", schema(WireJson.read(parameters, "a tool's parameters")));
        if (Boolean.TRUE.equals(strict)) {
          body.put("strict", true);
        }
        yield body;
      }
      case Tool.Other(var json) -> other(WireJson.read(json, "a tool"));
    };
  }

  /** A function with more to it keeps the rest; a tool of Anthropic's own passes as it is. */
  private static JsonNode other(JsonNode tool) {
    if (!tool.path("type").asText().equals("function")) {
      return tool;
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> field : tool.path("function").properties()) {
      if (!field.getKey().equals("parameters")) {
        body.set(field.getKey(), field.getValue());
      }
    }
    body.set("input_schema", schema(tool.at("/function/parameters")));
    for (Map.Entry<String, JsonNode> field : tool.properties()) {
      if (!Set.of("type", "function").contains(field.getKey())) {
        body.set(field.getKey(), field.getValue());
      }
    }
    return body;
  }

  private static JsonNode schema(JsonNode parameters) {
    if (parameters.isObject()) {
      return parameters;
    }
    ObjectNode none = JsonNodeFactory.instance.objectNode().put("type", "object");
    none.putObject("properties");
    return none;
  }

  private static ObjectNode choice(JsonNode choice) throws UnmappableRequestException {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (choice.isMissingNode()) {
      return body;
    }
    String word = choice.isTextual() ? choice.asText() : choice.path("type").asText();
    if (word.equals("required")) {
      return body.put("type", "any");
    }
    if (word.equals("function")) {
      return body.put("type", "tool").put("name", choice.at("/function/name").asText());
    }
    if (!OWN_CHOICES.contains(word)) {
      throw new UnmappableRequestException(
          "tool_choice must be auto, none, required or a function, is '%s'".formatted(word));
    }
    return choice instanceof ObjectNode own ? own : body.put("type", word);
  }
}
