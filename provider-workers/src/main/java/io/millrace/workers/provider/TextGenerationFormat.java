package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.provider.ProviderRequest;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.time.InstantSource;
import java.util.Map;

/**
 * Hugging Face's text generation: a text goes in, its continuation comes out. Answers are turned
 * into chat completions.
 */
final class TextGenerationFormat implements WireFormat {

  private final boolean ownEndpoint;
  private final InstantSource clock;

  /**
   * A format.
   *
   * @param ownEndpoint whether the base address is one model's endpoint; otherwise the model's name
   *     is part of the path
   */
  TextGenerationFormat(boolean ownEndpoint, InstantSource clock) {
    this.ownEndpoint = ownEndpoint;
    this.clock = clock;
  }

  @Override
  public WireCall write(ProviderRequest request, boolean streamed)
      throws UnmappableRequestException {
    ObjectNode body = TextGenerationRequest.write(request.request());
    body.put("stream", streamed);
    return new WireCall(
        ownEndpoint ? "" : "models/" + PathText.segments(request.model()), Map.of(), body);
  }

  @Override
  public Completion read(JsonNode body, ProviderRequest request) throws InvalidBodyException {
    JsonNode answer = body.isArray() ? body.path(0) : body;
    if (!answer.path("generated_text").isTextual()) {
      throw new InvalidBodyException("generated_text is required", "generated_text");
    }
    ObjectNode whole = head(request, "chat.completion");
    ObjectNode choice = whole.putArray("choices").addObject().put("index", 0);
    choice
        .putObject("message")
        .put("role", "assistant")
        .put("content", answer.path("generated_text").asText());
    choice.put("finish_reason", finishReason(answer.path("details")));
    whole.set("usage", usage(answer.path("details")));
    return ChatCompletions.readCompletion(whole);
  }

  @Override
  public StreamReader reader(ProviderRequest request) {
    return new TextGenerationStream(head(request, "chat.completion.chunk"), request.apiKey());
  }

  @Override
  public Map<String, String> authorization(String key) {
    return Map.of("Authorization", "Bearer " + key);
  }

  /** Its words for why an answer ends. */
  static String finishReason(JsonNode details) {
    return switch (details.path("finish_reason").asText("")) {
      case "length" -> "length";
      case "", "eos_token", "stop_sequence" -> "stop";
      default -> details.path("finish_reason").asText();
    };
  }

  /** Tokens used, as far as it says: older servers count the prompt as a list. */
  static ObjectNode usage(JsonNode details) {
    long prompt =
        details.has("input_length")
            ? details.path("input_length").asLong()
            : details.path("prefill").size();
    long completion = Math.max(0, details.path("generated_tokens").asLong());
    return JsonNodeFactory.instance
        .objectNode()
        .put("prompt_tokens", Math.max(0, prompt))
        .put("completion_tokens", completion)
        .put("total_tokens", Math.max(0, prompt) + completion);
  }

  private ObjectNode head(ProviderRequest request, String object) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", request.callId())
        .put("object", object)
        .put("created", clock.instant().getEpochSecond())
        .put("model", request.model());
  }
}
