package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Message;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A chat request as text to continue. */
final class TextGenerationRequest {

  /** Parameters of chats that a text generation has no use for, and that no answer depends on. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "stream",
          "stream_options",
          "user",
          "store",
          "metadata",
          "n",
          "max_completion_tokens",
          "parallel_tool_calls");

  private TextGenerationRequest() {}

  /**
   * Writes a request.
   *
   * @throws UnmappableRequestException when it has more than text
   */
  static ObjectNode write(CompletionRequest request) throws UnmappableRequestException {
    if (!request.tools().isEmpty()) {
      throw new UnmappableRequestException("text generation knows no tools; use api: chat");
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("inputs", prompt(request.messages()));
    ObjectNode parameters = body.putObject("parameters");
    parameters.put("details", true).put("return_full_text", false);
    put(parameters, request);
    addFormat(parameters, WireJson.read(request.responseFormatJson(), "response_format"));
    for (Map.Entry<String, String> extra : new TreeMap<>(request.extra()).entrySet()) {
      if (!LEFT_OUT.contains(extra.getKey()) && !parameters.has(extra.getKey())) {
        parameters.set(extra.getKey(), WireJson.read(extra.getValue(), extra.getKey()));
      }
    }
    return body;
  }

  private static void put(ObjectNode parameters, CompletionRequest request)
      throws UnmappableRequestException {
    JsonNode newer =
        WireJson.read(request.extra().get("max_completion_tokens"), "max_completion_tokens");
    if (request.maxTokens() != null) {
      parameters.put("max_new_tokens", request.maxTokens());
    } else if (newer.isIntegralNumber()) {
      parameters.set("max_new_tokens", newer);
    }
    if (request.temperature() != null) {
      parameters.put("temperature", request.temperature());
    }
    if (request.topP() != null) {
      parameters.put("top_p", request.topP());
    }
    if (request.seed() != null) {
      parameters.put("seed", request.seed());
    }
    if (!request.stop().isEmpty()) {
      request.stop().forEach(parameters.putArray("stop")::add);
    }
    if (WireJson.read(request.extra().get("n"), "n").asInt(1) > 1) {
      throw new UnmappableRequestException("text generation gives one answer, n must be 1");
    }
  }

  private static void addFormat(ObjectNode parameters, JsonNode format)
      throws UnmappableRequestException {
    switch (format.path("type").asText("text")) {
      case "text" -> {}
      case "json_schema" ->
          parameters
              .putObject("grammar")
              .put("type", "json")
              .set("value", format.at("/json_schema/schema"));
      default ->
          throw new UnmappableRequestException(
              "response_format must be text or json_schema for text generation");
    }
  }

  /** One message is the text itself; more are told apart by who speaks. */
  private static String prompt(List<Message> messages) throws UnmappableRequestException {
    for (Message message : messages) {
      checkText(message);
    }
    if (messages.size() == 1) {
      return messages.getFirst().text();
    }
    StringBuilder prompt = new StringBuilder();
    for (Message message : messages) {
      prompt.append(speaker(message.role())).append(": ").append(message.text()).append("\n\n");
    }
    return prompt.append("Assistant:").toString();
  }

  private static String speaker(String role) {
    return role.substring(0, 1).toUpperCase(Locale.ROOT) + role.substring(1);
  }

  private static void checkText(Message message) throws UnmappableRequestException {
    boolean textOnly =
        !(message.content() instanceof Content.Parts parts)
            || parts.parts().stream().allMatch(Content.TextPart.class::isInstance);
    if (!textOnly || !message.toolCalls().isEmpty() || message.role().equals("tool")) {
      throw new UnmappableRequestException(
          "text generation takes text only, no images and no tools; use api: chat");
    }
  }
}
