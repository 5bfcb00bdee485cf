package io.millrace.schemas.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.Tool;
import org.jspecify.annotations.Nullable;

/** A tool that the model may call. */
final class ToolFormat {

  private ToolFormat() {}

  /** A tool that the model has no exact place for stays whole. */
  static Tool read(JsonNode tool, String path) throws InvalidBodyException {
    Fields fields = Fields.of(tool, path);
    if (fields.requiredText("type").equals("function")) {
      Fields function = fields.requiredObject("function");
      Tool plain = function(function);
      if (!fields.hasRest() && !function.hasRest()) {
        return plain;
      }
    }
    return new Tool.Other(JsonText.of(tool, path));
  }

  static JsonNode write(Tool tool) {
    return switch (tool) {
      case Tool.Function function -> write(function);
      case Tool.Other other -> JsonText.tree(other.json(), "a tool");
    };
  }

  private static Tool.Function function(Fields function) throws InvalidBodyException {
    @Nullable JsonNode parameters = function.any("parameters");
    String path = function.path("parameters");
    if (parameters != null && !parameters.isObject()) {
      throw Fields.wrongKind(path, "an object", parameters);
    }
    return new Tool.Function(
        function.requiredText("name"),
        function.text("description"),
        parameters == null ? null : JsonText.of(parameters, path),
        function.flag("strict"));
  }

  private static ObjectNode write(Tool.Function tool) {
    ObjectNode body = JsonText.object().put("type", "function");
    ObjectNode function = body.putObject("function").put("name", tool.name());
    if (tool.description() != null) {
      function.put("description", tool.description());
    }
    if (tool.parametersJson() != null) {
      function.set("parameters", JsonText.tree(tool.parametersJson(), "a tool's parameters"));
    }
    if (tool.strict() != null) {
      function.put("strict", tool.strict());
    }
    return body;
  }
}
