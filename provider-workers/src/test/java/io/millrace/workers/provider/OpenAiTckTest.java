package io.millrace.workers.provider;

import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.ProviderFactory;
import io.millrace.plugin.tck.HttpDialogue;
import io.millrace.plugin.tck.HttpLimits;
import io.millrace.plugin.tck.HttpStreamTck;
import java.net.URI;
import java.util.Map;

class OpenAiTckTest extends HttpStreamTck {

  private static final String REPLY =
      """
      {"id":"c-1","object":"chat.completion","created":1700000000,"model":"m-2026",
       "choices":[{"index":0,"message":{"role":"assistant","content":"Hello, world"},
       "logprobs":null,"finish_reason":"stop"}],"service_tier":"default",
       "usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10,
       "prompt_tokens_details":{"cached_tokens":4}}}\
      """;

  private static final String CHUNK =
      """
      data: {"id":"c-1","object":"chat.completion.chunk","created":1700000000,"model":"m-2026",\
      "service_tier":"default","choices":[{"index":0,"delta":%s,"finish_reason":%s}],"usage":null}

      """;

  private static final String USAGE =
      """
      data: {"id":"c-1","object":"chat.completion.chunk","created":1700000000,"model":"m-2026",\
      "choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10,\
      "prompt_tokens_details":{"cached_tokens":4}}}

      """;

  private static final String END = "data: [DONE]\n\n";

  private static final String STREAM =
      CHUNK.formatted("{\"role\":\"assistant\",\"content\":\"\"}", "null")
          + ": a comment\n\n"
          + CHUNK.formatted("{\"content\":\"Hello\"}", "null")
          + CHUNK.formatted("{\"content\":\", world\"}", "null")
          + CHUNK.formatted("{}", "\"stop\"")
          + USAGE
          + END;

  private static final String ERROR =
      "data: {\"error\":{\"message\":\"busy\",\"type\":\"server_error\",\"code\":null}}\n\n";

  @Override
  protected ProviderFactory factory() {
    return new OpenAiProviderFactory();
  }

  @Override
  protected Map<String, Object> settings(URI baseUrl, HttpLimits limits) {
    return TckSettings.of(baseUrl, limits);
  }

  @Override
  protected HttpDialogue dialogue() {
    return new HttpDialogue(REPLY, STREAM, END, ERROR, "Hello, world", new Usage(7, 3, 4, 0));
  }
}
