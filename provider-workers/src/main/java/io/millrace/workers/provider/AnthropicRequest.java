package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.CompletionRequest;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A chat request as the Messages interface has it. */
final class AnthropicRequest {

  private static final String METADATA = "metadata";
  private static final String OUTPUT_CONFIG = "output_config";
  private static final String EFFORT = "reasoning_effort";
  private static final String MAX_COMPLETION_TOKENS = "max_completion_tokens";
  private static final String PARALLEL = "parallel_tool_calls";
  private static final String SERVICE_TIER = "service_tier";

  /** Parameters of chats without a counterpart that only shift how an answer comes about. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "stream",
          "stream_options",
          "seed",
          "frequency_penalty",
          "presence_penalty",
          "logit_bias",
          "store",
          "prediction",
          "prompt_cache_key",
          "prompt_cache_retention",
          "verbosity",
          "web_search_options");

  /** Parameters that are translated. */
  private static final Set<String> TRANSLATED =
      Set.of(
          MAX_COMPLETION_TOKENS,
          PARALLEL,
          EFFORT,
          "user",
          "safety_identifier",
          METADATA,
          OUTPUT_CONFIG,
          SERVICE_TIER,
          "n",
          "logprobs",
          "top_logprobs",
          "modalities",
          "audio");

  private AnthropicRequest() {}

  /**
   * Writes a request.
   *
   * @throws UnmappableRequestException when it asks for what the interface does not have
   */
  static ObjectNode write(CompletionRequest request, String model, int defaultMaxTokens)
      throws UnmappableRequestException {
    refuseWhatChangesTheAnswer(request);
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model);
    body.set("max_tokens", maxTokens(request, defaultMaxTokens));
    AnthropicMessages.write(body, request.messages());
    AnthropicTools.write(
        body,
        request.tools(),
        WireJson.read(request.toolChoiceJson(), "tool_choice"),
        !extra(request, PARALLEL).asBoolean(true));
    writeParameters(body, request);
    writeOutputConfig(body, request);
    writeMetadata(body, request);
    writeRest(body, request);
    return body;
  }

  private static JsonNode maxTokens(CompletionRequest request, int otherwise) {
    JsonNode newer = extra(request, MAX_COMPLETION_TOKENS);
    if (newer.isIntegralNumber()) {
      return newer;
    }
    int most = request.maxTokens() == null ? otherwise : request.maxTokens();
    return JsonNodeFactory.instance.numberNode(most);
  }

  private static void writeParameters(ObjectNode body, CompletionRequest request) {
    if (request.temperature() != null) {
      body.put("temperature", request.temperature());
    }
    if (request.topP() != null) {
      body.put("top_p", request.topP());
    }
    if (!request.stop().isEmpty()) {
      request.stop().forEach(body.putArray("stop_sequences")::add);
    }
  }

  private static void writeOutputConfig(ObjectNode body, CompletionRequest request)
      throws UnmappableRequestException {
    ObjectNode config =
        extra(request, OUTPUT_CONFIG) instanceof ObjectNode given ? given : body.objectNode();
    JsonNode format = WireJson.read(request.responseFormatJson(), "response_format");
    switch (format.path("type").asText("text")) {
      case "text" -> {}
      case "json_schema" ->
          config
              .putObject("format")
              .put("type", "json_schema")
              .set("schema", format.at("/json_schema/schema"));
      default ->
          throw new UnmappableRequestException(
              "response_format must be text or json_schema: Anthropic has no JSON mode without a"
                  + " schema");
    }
    String effort = extra(request, EFFORT).asText("");
    if (!effort.isEmpty() && !effort.equals("none") && !config.has("effort")) {
      config.put("effort", effort.equals("minimal") ? "low" : effort);
    }
    if (!config.isEmpty()) {
      body.set(OUTPUT_CONFIG, config);
    }
  }

  /** OpenAI's metadata are notes of the caller's; Anthropic's say who the user is. */
  private static void writeMetadata(ObjectNode body, CompletionRequest request) {
    JsonNode metadata = extra(request, METADATA);
    if (metadata.has("user_id")) {
      body.set(METADATA, metadata);
      return;
    }
    String user = extra(request, "safety_identifier").asText(extra(request, "user").asText(""));
    if (!user.isEmpty()) {
      body.putObject(METADATA).put("user_id", user);
    }
  }

  private static void writeRest(ObjectNode body, CompletionRequest request) {
    String tier = extra(request, SERVICE_TIER).asText("");
    if (tier.equals("auto") || tier.equals("standard_only")) {
      body.put(SERVICE_TIER, tier);
    }
    for (Map.Entry<String, String> extra : new TreeMap<>(request.extra()).entrySet()) {
      String name = extra.getKey();
      if (!LEFT_OUT.contains(name) && !TRANSLATED.contains(name) && !body.has(name)) {
        body.set(name, WireJson.read(extra.getValue(), name));
      }
    }
  }

  private static void refuseWhatChangesTheAnswer(CompletionRequest request)
      throws UnmappableRequestException {
    if (extra(request, "n").asInt(1) > 1) {
      throw new UnmappableRequestException("Anthropic gives one answer, n must be 1");
    }
    if (extra(request, "logprobs").asBoolean(false)) {
      throw new UnmappableRequestException("Anthropic gives no logprobs, leave logprobs out");
    }
    if (extra(request, "audio").isObject()) {
      throw new UnmappableRequestException("Anthropic does not speak, leave audio out");
    }
  }

  private static JsonNode extra(CompletionRequest request, String name) {
    return WireJson.read(request.extra().get(name), name);
  }
}
