package io.millrace.workers.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Embeddings;
import io.millrace.plugin.model.RequestKind;
import io.millrace.plugin.provider.ChunkSink;
import io.millrace.plugin.provider.HealthReport;
import io.millrace.plugin.provider.HealthRequest;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderFactory;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import io.millrace.plugin.tck.ScriptedServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where each type sends its calls, and how it shows its key. */
class ProviderTypesTest {

  private static final String KEY = "k-123";
  private static final String BEARER = "Bearer " + KEY;

  static Stream<Arguments> types() {
    Map<String, Object> none = Map.of();
    Map<String, Object> text = Map.of("api", "text_generation");
    return Stream.of(
        arguments("openai", none, "/v1/chat/completions", "/v1/models", BEARER),
        arguments("vllm", none, "/v1/chat/completions", "/v1/models", BEARER),
        arguments("ollama", none, "/v1/chat/completions", "/v1/models", BEARER),
        arguments("llamacpp", none, "/v1/chat/completions", "/v1/models", BEARER),
        arguments("groq", none, "/v1/chat/completions", "/v1/models", BEARER),
        arguments("mistral", none, "/v1/chat/completions", "/v1/models", BEARER),
        arguments("openrouter", none, "/v1/chat/completions", "/v1/key", BEARER),
        arguments("huggingface", none, "/v1/chat/completions", "/v1/models", BEARER),
        arguments("huggingface", text, "/v1", "", BEARER),
        arguments("anthropic", none, "/v1/messages", "/v1/models?limit=1", KEY),
        arguments(
            "azure",
            none,
            "/v1/openai/deployments/a%20b%2F%2E%2E/chat/completions?api-version=2024-10-21",
            "/v1/openai/models?api-version=2024-10-21",
            KEY),
        arguments(
            "azure",
            Map.of("api_version", "v1"),
            "/v1/openai/v1/chat/completions",
            "/v1/openai/v1/models",
            KEY));
  }

  @ParameterizedTest
  @MethodSource("types")
  void shouldCallTheRightPathWithTheKeyInItsPlace(
      String type, Map<String, Object> settings, String path, String health, String secret)
      throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(200, "", "{}");
        Provider provider = provider(type, server.baseUrl(), settings)) {
      assertThat(provider.complete(request())).isInstanceOf(ProviderReply.Failure.class);
      boolean looked =
          provider.checkHealth(new HealthRequest(KEY, Duration.ofSeconds(9))).isPresent();
      assertThat(looked).isEqualTo(!health.isEmpty());
      assertThat(server.requests().stream().map(ScriptedServer.Request::line))
          .startsWith("POST " + path + " HTTP/1.1")
          .last()
          .isEqualTo(
              health.isEmpty() ? "POST " + path + " HTTP/1.1" : "GET " + health + " HTTP/1.1");
      assertThat(server.requests())
          .allSatisfy(
              request -> assertThat(request.headers()).containsEntry(headerOf(type), secret));
    }
  }

  private static String headerOf(String type) {
    return switch (type) {
      case "anthropic" -> "x-api-key";
      case "azure" -> "api-key";
      default -> "authorization";
    };
  }

  @Test
  void shouldHaveAnAddressOfItsOwnWhereThereIsOne() {
    for (ProviderFactory factory : ServiceLoader.load(ProviderFactory.class)) {
      if (factory.type().equals("azure")) {
        assertThatThrownBy(() -> factory.create("p", Map.of()).close())
            .hasMessageContaining("base_url must be like");
      } else {
        factory.create("p", Map.of()).close();
      }
    }
  }

  @Test
  void shouldAskMistralForNoUsageOption() throws Exception {
    for (String type : List.of("mistral", "groq")) {
      try (ScriptedServer server = ScriptedServer.answering(200, "", "");
          Provider provider = provider(type, server.baseUrl(), Map.of())) {
        ChunkSink sink = json -> {};
        assertThat(provider.stream(request(), sink)).isInstanceOf(ProviderReply.Failure.class);
        String body = server.requests().getFirst().body();
        assertThat(body).contains("\"stream\":true");
        assertThat(body.contains("stream_options")).isEqualTo(type.equals("groq"));
      }
    }
  }

  @Test
  void shouldSayWhyItIsNotWell() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(401, "", "bad " + KEY);
        Provider provider = provider("openai", server.baseUrl(), Map.of())) {
      assertThat(provider.checkHealth(new HealthRequest(KEY, Duration.ofSeconds(9))))
          .contains(HealthReport.failing("provider p answered 401"));
    }
    try (Provider provider = provider("openai", "http://127.0.0.1:1", Map.of())) {
      assertThat(provider.checkHealth(new HealthRequest(KEY, Duration.ofSeconds(9))))
          .get()
          .matches(report -> !report.healthy() && report.detail().contains("cannot be reached"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 405, 501})
  void shouldSayNothingOfItsHealthWhereTheServerHasNoPageForIt(int status) throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(status, "", "{}");
        Provider provider = provider("openai", server.baseUrl(), Map.of())) {
      assertThat(provider.checkHealth(new HealthRequest(KEY, Duration.ofSeconds(9)))).isEmpty();
    }
  }

  @Test
  void shouldBeWellWhenItIsOnlyBusy() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(429, "", "{}");
        Provider provider = provider("openai", server.baseUrl(), Map.of())) {
      assertThat(provider.checkHealth(new HealthRequest(KEY, Duration.ofSeconds(9))))
          .contains(HealthReport.ok());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "openai, /v1/embeddings",
    "groq, /v1/embeddings",
    "azure, /v1/openai/deployments/a%20b%2F%2E%2E/embeddings?api-version=2024-10-21"
  })
  void shouldAskForVectorsAtTheRightPath(String type, String path) throws Exception {
    String vectors =
        """
        {"object":"list","model":"m","usage":{"prompt_tokens":2,"total_tokens":2},
         "data":[{"object":"embedding","index":0,"embedding":[1,0.5]}]}
        """;
    try (ScriptedServer server = ScriptedServer.answering(200, "", vectors);
        Provider provider = provider(type, server.baseUrl(), Map.of())) {
      assertThat(provider.embed(vectorsWanted()))
          .isInstanceOfSatisfying(
              ProviderReply.Success.class,
              success ->
                  assertThat(Embeddings.vectors(success.completion()))
                      .containsExactly(new float[] {1, 0.5f}));
      assertThat(server.requests())
          .singleElement()
          .satisfies(
              request -> {
                assertThat(request.line()).isEqualTo("POST " + path + " HTTP/1.1");
                assertThat(request.body()).contains("\"input\"").doesNotContain("messages");
              });
    }
  }

  @Test
  void shouldRefuseToMakeVectorsWhereTheFormatHasNone() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(200, "", "{}");
        Provider provider = provider("anthropic", server.baseUrl(), Map.of())) {
      assertThat(provider.embed(vectorsWanted()))
          .isInstanceOfSatisfying(
              ProviderReply.Failure.class,
              failure -> assertThat(failure.error().message()).contains("has no embeddings"));
      assertThat(server.requests()).isEmpty();
    }
  }

  private static ProviderRequest vectorsWanted() {
    ProviderRequest chat = request();
    return new ProviderRequest(
        chat.request().withKind(RequestKind.EMBEDDINGS),
        chat.model(),
        chat.callId(),
        chat.apiKey(),
        chat.timeout());
  }

  @Test
  void shouldNameTheSettingThatIsWrong() {
    assertRefused("azure", Map.of("api_version", "../x"), "api_version must be v1 or a date");
    assertRefused("huggingface", Map.of("api", "x"), "api must be one of chat, text_generation");
    assertRefused("anthropic", Map.of("max_tokens_default", 0), "max_tokens_default must be a");
    assertRefused("vllm", Map.of("idle_timeout_ms", 0), "idle_timeout_ms must be a whole number");
    assertRefused("anthropic", Map.of("headers", Map.of("x-api-key", "k")), "set by the provider");
  }

  private static void assertRefused(String type, Map<String, Object> settings, String message) {
    assertThatThrownBy(() -> provider(type, "http://h/v1", settings).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  static Provider provider(String type, String baseUrl, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("base_url", baseUrl);
    return ServiceLoader.load(ProviderFactory.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(factory -> factory.type().equals(type))
        .findFirst()
        .orElseThrow()
        .create("p", all);
  }

  private static ProviderRequest request() {
    return new ProviderRequest(
        CompletionRequest.of("p/m", "hi"), "a b/..", "id", KEY, Duration.ofSeconds(9));
  }
}
