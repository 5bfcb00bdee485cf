package io.millrace.schemas.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.Tool;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request body. */
final class RequestFormat {

  private RequestFormat() {}

  static CompletionRequest read(JsonNode body) throws InvalidBodyException {
    Fields fields = Fields.of(body, "");
    return new CompletionRequest(
        model(fields),
        messages(fields),
        tools(fields),
        kept(fields, "tool_choice", true, "a string or an object"),
        kept(fields, "response_format", false, "an object"),
        fields.number("temperature"),
        fields.number("top_p"),
        fields.int32("max_tokens"),
        stop(fields),
        fields.int64("seed"),
        Boolean.TRUE.equals(fields.flag("stream")),
        fields.rest());
  }

  static ObjectNode write(CompletionRequest request) {
    ObjectNode body = JsonText.object().put("model", request.model());
    ArrayNode messages = body.putArray("messages");
    request.messages().forEach(message -> messages.add(MessageFormat.write(message)));
    if (!request.tools().isEmpty()) {
      ArrayNode tools = body.putArray("tools");
      request.tools().forEach(tool -> tools.add(ToolFormat.write(tool)));
    }
    writeKept(body, "tool_choice", request.toolChoiceJson());
    writeKept(body, "response_format", request.responseFormatJson());
    writeParameters(body, request);
    JsonText.addMissing(body, request.extra());
    return body;
  }

  private static String model(Fields fields) throws InvalidBodyException {
    String model = fields.requiredText("model");
    if (model.isBlank()) {
      throw fields.fault("model", "must name a model, is blank");
    }
    return model;
  }

  private static List<Message> messages(Fields fields) throws InvalidBodyException {
    fields.required("messages");
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : fields.elements("messages")) {
      messages.add(MessageFormat.read(message, "messages[" + messages.size() + "]"));
    }
    if (messages.isEmpty()) {
      throw fields.fault("messages", "must hold at least one message, is empty");
    }
    return messages;
  }

  private static List<Tool> tools(Fields fields) throws InvalidBodyException {
    List<Tool> tools = new ArrayList<>();
    for (JsonNode tool : fields.elements("tools")) {
      tools.add(ToolFormat.read(tool, "tools[" + tools.size() + "]"));
    }
    return tools;
  }

  private static List<String> stop(Fields fields) throws InvalidBodyException {
    @Nullable JsonNode value = fields.any("stop");
    if (value == null) {
      return List.of();
    }
    if (value.isTextual()) {
      return List.of(Fields.text(value, "stop"));
    }
    if (!value.isArray()) {
      throw Fields.wrongKind("stop", "a string or an array of strings", value);
    }
    List<String> stop = new ArrayList<>();
    for (JsonNode sequence : value) {
      stop.add(Fields.text(sequence, "stop[" + stop.size() + "]"));
    }
    return stop;
  }

  private static @Nullable String kept(
      Fields fields, String name, boolean textAllowed, String right) throws InvalidBodyException {
    @Nullable JsonNode value = fields.any(name);
    if (value == null) {
      return null;
    }
    if (!value.isObject() && !(textAllowed && value.isTextual())) {
      throw Fields.wrongKind(name, right, value);
    }
    return JsonText.of(value, name);
  }

  private static void writeKept(ObjectNode body, String name, @Nullable String json) {
    if (json != null) {
      body.set(name, JsonText.tree(json, name));
    }
  }

  private static void writeParameters(ObjectNode body, CompletionRequest request) {
    if (request.temperature() != null) {
      body.put("temperature", request.temperature());
    }
    if (request.topP() != null) {
      body.put("top_p", request.topP());
    }
    if (request.maxTokens() != null) {
      body.put("max_tokens", request.maxTokens());
    }
    if (!request.stop().isEmpty()) {
      request.stop().forEach(body.putArray("stop")::add);
    }
    if (request.seed() != null) {
      body.put("seed", request.seed());
    }
    if (request.stream()) {
      body.put("stream", true);
    }
  }
}
