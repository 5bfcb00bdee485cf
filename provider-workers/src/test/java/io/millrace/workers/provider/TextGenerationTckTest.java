package io.millrace.workers.provider;

import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.ProviderFactory;
import io.millrace.plugin.tck.HttpDialogue;
import io.millrace.plugin.tck.HttpLimits;
import io.millrace.plugin.tck.HttpStreamTck;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

class TextGenerationTckTest extends HttpStreamTck {

  private static final String REPLY =
      """
      [{"generated_text":"Hello, world","details":{"finish_reason":"eos_token",
      "generated_tokens":3,"input_length":7,"seed":1,"tokens":[]}}]\
      """;

  private static final String TOKEN =
      """
      data:{"index":1,"token":{"id":5,"text":"%s","logprob":-0.5,"special":false},\
      "generated_text":null,"details":null}

      """;

  private static final String END =
      """
      data:{"index":3,"token":{"id":2,"text":"</s>","logprob":-0.1,"special":true},\
      "generated_text":"Hello, world","details":{"finish_reason":"eos_token",\
      "generated_tokens":3,"input_length":7,"seed":1}}

      """;

  private static final String ERROR =
      "data:{\"error\":\"Request failed during generation\",\"error_type\":\"generation\"}\n\n";

  @Override
  protected ProviderFactory factory() {
    return new HuggingFaceProviderFactory();
  }

  @Override
  protected Map<String, Object> settings(URI baseUrl, HttpLimits limits) {
    Map<String, Object> settings = new HashMap<>(TckSettings.of(baseUrl, limits));
    settings.put("api", "text_generation");
    return settings;
  }

  @Override
  protected HttpDialogue dialogue() {
    String stream = TOKEN.formatted("Hello") + TOKEN.formatted(", world") + END;
    return new HttpDialogue(REPLY, stream, END, ERROR, "Hello, world", Usage.of(7, 3));
  }
}
