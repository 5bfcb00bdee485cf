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

/** The chat completions format, passed on as it is. */
final class OpenAiFormat implements WireFormat {

  /** An attempt's id is refused as a header past this length. */
  private static final int MAX_HEADER_CHARACTERS = 1_024;

  private static final String STREAM_OPTIONS = "stream_options";

  private final OpenAiDialect dialect;
  private final InstantSource clock;

  /**
   * A format.
   *
   * @param clock for answers that do not say when they were made
   */
  OpenAiFormat(OpenAiDialect dialect, InstantSource clock) {
    this.dialect = dialect;
    this.clock = clock;
  }

  @Override
  public WireCall write(ProviderRequest request, boolean streamed) {
    return switch (request.request().kind()) {
      case CHAT -> chat(request, streamed);
      case EMBEDDINGS -> embeddings(request);
    };
  }

  private WireCall embeddings(ProviderRequest request) {
    ObjectNode body = OpenAiEmbeddings.body(request);
    if (dialect.fields() == OpenAiDialect.Fields.MISTRAL) {
      MistralBody.adaptEmbeddings(body);
    }
    return new WireCall(dialect.paths().embeddings(request.model()), headers(request), body);
  }

  private WireCall chat(ProviderRequest request, boolean streamed) {
    ObjectNode body = ChatCompletions.writeRequest(request.request());
    body.put("model", request.model());
    body.remove("stream");
    JsonNode options = body.remove(STREAM_OPTIONS);
    if (streamed) {
      body.put("stream", true);
      ObjectNode asked = options instanceof ObjectNode given ? given : body.objectNode();
      body.set(STREAM_OPTIONS, asked.put("include_usage", true));
    }
    switch (dialect.fields()) {
      case ALL -> {}
      case MISTRAL -> MistralBody.adapt(body);
      case OLLAMA -> MistralBody.rename(body, "max_completion_tokens", "max_tokens");
    }
    return new WireCall(dialect.paths().chat(request.model()), headers(request), body);
  }

  @Override
  public Completion read(JsonNode body, ProviderRequest request) throws InvalidBodyException {
    AnswerEnd.settle(body);
    return switch (request.request().kind()) {
      case CHAT -> ChatCompletions.readCompletion(body);
      case EMBEDDINGS -> OpenAiEmbeddings.read(body, request, clock);
    };
  }

  @Override
  public boolean embeds() {
    return true;
  }

  @Override
  public StreamReader reader(ProviderRequest request) {
    return new OpenAiStream(request.apiKey());
  }

  @Override
  public Map<String, String> authorization(String key) {
    boolean bearer = dialect.keyHeader().equals(OpenAiDialect.AUTHORIZATION);
    return Map.of(dialect.keyHeader(), bearer ? "Bearer " + key : key);
  }

  @Override
  public Optional<String> healthPath() {
    return Optional.of(dialect.paths().health());
  }

  @Override
  public Optional<String> modelsPath() {
    return Optional.ofNullable(dialect.paths().models());
  }

  private static Map<String, String> headers(ProviderRequest request) {
    String id = request.callId();
    return HttpRequests.isHeaderText(id) && id.length() <= MAX_HEADER_CHARACTERS
        ? Map.of("Idempotency-Key", id)
        : Map.of();
  }
}
