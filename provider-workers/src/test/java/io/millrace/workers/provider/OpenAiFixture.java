package io.millrace.workers.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import io.millrace.plugin.tck.ScriptedServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

/** OpenAI's provider, against servers that answer what a test wants. */
@Timeout(60)
abstract class OpenAiFixture {

  static final String KEY = "sk-0123456789";

  static final String COMPLETION =
      """
      {"id":"c-1","object":"chat.completion","created":1700000000,"model":"m-2026",
       "choices":[{"index":0,"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],
       "usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}\
      """;

  static ProviderReply call(ScriptedServer server) throws InterruptedException {
    return call(server, Map.of());
  }

  static ProviderReply call(ScriptedServer server, Map<String, Object> settings)
      throws InterruptedException {
    try (Provider provider = provider(server, settings)) {
      return provider.complete(request(KEY, Duration.ofSeconds(30)));
    }
  }

  static Provider provider(ScriptedServer server, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("base_url", server.baseUrl());
    return new OpenAiProviderFactory().create("openai", all);
  }

  static ProviderRequest request(@Nullable String key, Duration timeout) {
    CompletionRequest request =
        CompletionRequest.of("openai/gpt-9", "hi there")
            .withStream(true)
            .withExtra(Map.of("top_k", "3", "stream_options", "{\"include_usage\":true}"));
    return new ProviderRequest(request, "gpt-9", "default/r-1#1", key, timeout);
  }

  static ProviderReply.Failure failure(ProviderReply reply) {
    assertThat(reply).isInstanceOf(ProviderReply.Failure.class);
    return (ProviderReply.Failure) reply;
  }

  static String error(String code) {
    return "{\"error\":{\"message\":\"it says %s\",\"type\":\"t\",\"code\":\"%s\"}}"
        .formatted(code, code);
  }
}
