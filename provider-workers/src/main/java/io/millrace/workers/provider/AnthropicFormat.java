package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.provider.ProviderRequest;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Anthropic's Messages interface, translated from and to chat completions. */
final class AnthropicFormat implements WireFormat {

  private static final String VERSION = "2023-06-01";

  private final int defaultMaxTokens;
  private final InstantSource clock;

  /**
   * A format.
   *
   * @param defaultMaxTokens how long answers may be where the request does not say: the interface
   *     demands a number
   */
  AnthropicFormat(int defaultMaxTokens, InstantSource clock) {
    this.defaultMaxTokens = defaultMaxTokens;
    this.clock = clock;
  }

  @Override
  public WireCall write(ProviderRequest request, boolean streamed)
      throws UnmappableRequestException {
    ObjectNode body = AnthropicRequest.write(request.request(), request.model(), defaultMaxTokens);
    if (streamed) {
      body.put("stream", true);
    }
    return new WireCall("messages", Map.of(), body);
  }

  @Override
  public Completion read(JsonNode body, ProviderRequest request) throws InvalidBodyException {
    return ChatCompletions.readCompletion(
        AnthropicAnswer.translate(body, clock.instant().getEpochSecond()));
  }

  @Override
  public StreamReader reader(ProviderRequest request) {
    return new AnthropicStream(clock.instant().getEpochSecond(), request.apiKey());
  }

  @Override
  public Map<String, String> authorization(String key) {
    return Map.of("x-api-key", key);
  }

  @Override
  public Map<String, String> headers() {
    return Map.of("anthropic-version", VERSION);
  }

  @Override
  public Optional<String> healthPath() {
    return Optional.of("models?limit=1");
  }

  @Override
  public Optional<String> modelsPath() {
    return Optional.of("models?limit=1000");
  }
}
