package io.millrace.workers.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import io.millrace.plugin.provider.RateLimitStatus;
import io.millrace.plugin.tck.CollectedChunks;
import io.millrace.plugin.tck.ScriptedServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is sent, what is read, and which settings there are. */
class OpenAiProviderTest extends OpenAiFixture {

  @Test
  void shouldSendTheRequestInTheProvidersFormat() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(200, "", COMPLETION)) {
      ProviderReply reply = call(server, Map.of("headers", Map.of("OpenAI-Organization", "org-1")));
      ProviderReply.Success success = (ProviderReply.Success) reply;
      assertThat(success.completion().text()).isEqualTo("hello");
      assertThat(success.completion().usage()).isEqualTo(Usage.of(7, 2));
      assertThat(success.completion().model()).isEqualTo("m-2026");
      assertThat(success.httpStatus()).isEqualTo(200);
      ScriptedServer.Request request = server.requests().getFirst();
      assertThat(request.line()).isEqualTo("POST /v1/chat/completions HTTP/1.1");
      assertThat(request.headers())
          .containsEntry("authorization", "Bearer " + KEY)
          .containsEntry("content-type", "application/json")
          .containsEntry("idempotency-key", "default/r-1#1")
          .containsEntry("openai-organization", "org-1");
      assertThat(request.body())
          .contains("\"model\":\"gpt-9\"", "\"top_k\":3", "hi there")
          .doesNotContain("stream");
    }
  }

  @Test
  void shouldSendNoKeyWhenThereIsNone() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(200, "", COMPLETION);
        Provider provider = provider(server, Map.of())) {
      assertThat(provider.complete(request(null, Duration.ofSeconds(10))))
          .isInstanceOf(ProviderReply.Success.class);
      assertThat(server.requests().getFirst().headers()).doesNotContainKey("authorization");
    }
  }

  @Test
  void shouldFillInNamesThatAServerLeavesOut() throws Exception {
    String bare = "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"x\"}}]}";
    try (ScriptedServer server = ScriptedServer.answering(200, "", bare)) {
      ProviderReply.Success success = (ProviderReply.Success) call(server);
      assertThat(success.completion().id()).isEqualTo("default/r-1#1");
      assertThat(success.completion().model()).isEqualTo("gpt-9");
    }
  }

  @Test
  void shouldHandUsageOnOnlyWhenItWasAskedFor() throws Exception {
    String stream =
        """
        data: {"choices":[{"index":0,"delta":{"content":"a"}}],"usage":null}

        data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}

        data: {"choices":[],"usage":{"prompt_tokens":2}}

        data: [DONE]

        """;
    for (boolean asked : List.of(true, false)) {
      try (ScriptedServer server = ScriptedServer.answering(200, "", stream);
          Provider provider = provider(server, Map.of())) {
        CollectedChunks chunks = new CollectedChunks();
        ProviderRequest request = request(KEY, Duration.ofSeconds(9));
        ProviderReply reply = provider.stream(asked ? request : withoutUsage(request), chunks);
        assertThat(((ProviderReply.Success) reply).completion().usage().promptTokens())
            .isEqualTo(2);
        assertThat(chunks.json()).hasSize(asked ? 3 : 2);
        assertThat(chunks.json().toString().contains("prompt_tokens")).isEqualTo(asked);
        assertThat(server.requests().getFirst().body())
            .contains("\"stream\":true", "\"stream_options\":{\"include_usage\":true}");
      }
    }
  }

  private static ProviderRequest withoutUsage(ProviderRequest request) {
    return new ProviderRequest(
        CompletionRequest.of("openai/gpt-9", "hi"),
        request.model(),
        request.callId(),
        request.apiKey(),
        request.timeout());
  }

  @Test
  void shouldPassOnWhatIsLeftOfTheLimits() throws Exception {
    String headers = "x-ratelimit-remaining-requests: 5\r\nx-ratelimit-reset-requests: 2s\r\n";
    RateLimitStatus expected = new RateLimitStatus(5L, null, Duration.ofSeconds(2));
    for (int status : List.of(200, 429, 500)) {
      try (ScriptedServer server = ScriptedServer.answering(status, headers, COMPLETION)) {
        assertThat(call(server).rateLimit()).as("%s", status).isEqualTo(expected);
      }
    }
  }

  @Test
  void shouldRefuseAKeyThatNoHeaderCanHold() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(200, "", COMPLETION);
        Provider provider = provider(server, Map.of())) {
      ProviderReply.Failure reply =
          failure(provider.complete(request("sk-secret\n", Duration.ofSeconds(10))));
      assertThat(reply.failure()).isEqualTo(FailureClass.KEY_REJECTED);
      assertThat(reply.toString()).doesNotContain("sk-secret");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void shouldNeverShowTheKeyOrTooMuchOfTheBody() throws Exception {
    String echo =
        "{\"error\":{\"message\":\"you sent %s\",\"code\":\"x%s\"},\"more\":\"%s %s\"}"
            .formatted(KEY, KEY, KEY, "y".repeat(10_000));
    for (int status : List.of(400, 401, 429, 500, 200)) {
      try (ScriptedServer server = ScriptedServer.answering(status, "", echo)) {
        PipelineError error = failure(call(server)).error();
        assertThat(error.toString()).as("%s", status).doesNotContain(KEY);
        String body = error.providerBody();
        assertThat(body == null ? "" : body).hasSizeLessThanOrEqualTo(2_049);
        assertThat(body == null).as("%s", status).isEqualTo(status == 401);
      }
    }
  }

  @Test
  void shouldNameTheSettingThatIsWrong() {
    assertRefused(Map.of("base_url", "ftp://host"), "base_url must be like https://host/v1");
    assertRefused(Map.of("base_url", "http://u:pw@host"), "base_url must be like");
    assertRefused(Map.of("base_url", "http:// host"), "base_url must be like");
    assertRefused(Map.of("baseurl", "x"), "there is no setting 'baseurl': settings are base_url");
    assertRefused(
        Map.of("connect_timeout_ms", 0),
        "connect_timeout_ms must be a whole number from 1 to 600000, is '0'");
    assertRefused(
        Map.of("headers", Map.of("Authorization", "x")), "headers.Authorization is set by");
    assertRefused(Map.of("headers", Map.of("Host", "x")), "headers.Host is not a header");
    assertRefused(Map.of("headers", "x"), "headers must be names with a text each");
  }

  @Test
  void shouldHaveTheseDefaults() {
    HttpSettings settings = read(Map.of());
    assertThat(settings.baseUrl()).hasToString("https://api.openai.com/v1/");
    assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.firstByteTimeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(settings.idleTimeout()).isEqualTo(Duration.ofMinutes(1));
    assertThat(settings.maxResponseBytes()).isEqualTo(8 * 1024 * 1024);
    assertThat(settings.headers()).isEmpty();
    assertThat(read(Map.of("base_url", "http://h/v1/")).baseUrl()).hasToString("http://h/v1/");
    assertThat(read(Map.of("base_url", "http://h/v1")).baseUrl()).hasToString("http://h/v1/");
  }

  private static HttpSettings read(Map<String, Object> settings) {
    return HttpSettings.read(new SettingsReader(settings), OpenAiDialect.OPENAI.baseUrl());
  }

  private static void assertRefused(Map<String, Object> settings, String message) {
    assertThatThrownBy(() -> new OpenAiProviderFactory().create("openai", settings).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("pw");
  }
}
