package io.millrace.workers.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millrace.embedded.broker.FreePorts;
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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OpenAiProviderTest {

  private static final String KEY = "sk-0123456789";
  private static final String COMPLETION =
      """
      {"id":"c-1","object":"chat.completion","created":1700000000,"model":"m-2026",
       "choices":[{"index":0,"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],
       "usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}\
      """;

  static Stream<Arguments> statuses() {
    String quota = error("insufficient_quota");
    String noModel = error("model_not_found");
    return Stream.of(
        arguments(400, error("bad"), FailureClass.REQUEST_REJECTED, "upstream_rejected", 400),
        arguments(
            401, error("bad"), FailureClass.KEY_REJECTED, "upstream_credentials_exhausted", 502),
        arguments(402, "", FailureClass.KEY_REJECTED, "upstream_credentials_exhausted", 502),
        arguments(
            403, error("bad"), FailureClass.KEY_REJECTED, "upstream_credentials_exhausted", 502),
        arguments(404, "<html>", FailureClass.REQUEST_REJECTED, "upstream_rejected", 404),
        arguments(404, noModel, FailureClass.KEY_REJECTED, "model_not_found", 404),
        arguments(408, "", FailureClass.TIMEOUT, "upstream_timeout", 504),
        arguments(409, "", FailureClass.SERVER_ERROR, "upstream_error", 502),
        arguments(413, "", FailureClass.REQUEST_REJECTED, "upstream_rejected", 413),
        arguments(418, "", FailureClass.REQUEST_REJECTED, "upstream_rejected", 418),
        arguments(422, error("bad"), FailureClass.REQUEST_REJECTED, "upstream_rejected", 422),
        arguments(429, error("slow"), FailureClass.RATE_LIMITED, "upstream_rate_limited", 429),
        arguments(429, quota, FailureClass.KEY_REJECTED, "upstream_credentials_exhausted", 502),
        arguments(500, "", FailureClass.SERVER_ERROR, "upstream_error", 502),
        arguments(502, "<html>", FailureClass.SERVER_ERROR, "upstream_error", 502),
        arguments(503, error("busy"), FailureClass.SERVER_ERROR, "upstream_error", 502),
        arguments(504, "", FailureClass.SERVER_ERROR, "upstream_error", 502),
        arguments(529, error("busy"), FailureClass.SERVER_ERROR, "upstream_error", 502),
        arguments(204, "", FailureClass.REQUEST_REJECTED, "upstream_invalid_response", 502),
        arguments(302, "", FailureClass.REQUEST_REJECTED, "upstream_invalid_response", 502));
  }

  @ParameterizedTest
  @MethodSource("statuses")
  void shouldClassifyEveryStatus(
      int status, String body, FailureClass failure, String code, int httpStatus) throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(status, "", body)) {
      ProviderReply.Failure reply = failure(call(server));
      assertThat(reply.failure()).isEqualTo(failure);
      assertThat(reply.error().code()).isEqualTo(code);
      assertThat(reply.error().httpStatus()).isEqualTo(httpStatus);
      assertThat(reply.httpStatus()).isEqualTo(status);
      assertThat(reply.error().message()).contains("provider openai", Integer.toString(status));
    }
  }

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
  void shouldKeepTheConnectionOpen() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(200, "", COMPLETION);
        Provider provider = provider(server, Map.of())) {
      for (int i = 0; i < 5; i++) {
        assertThat(provider.complete(request(KEY, Duration.ofSeconds(10))))
            .isInstanceOf(ProviderReply.Success.class);
      }
      assertThat(server.connections()).isEqualTo(1);
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

  @ParameterizedTest
  @ValueSource(
      strings = {"", "not json", "{}", "[]", "{\"choices\":[]}", "{\"choices\":[{}]}", "{"})
  void shouldCallItInvalidWhenTheBodyIsNoCompletion(String body) throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(200, "", body)) {
      ProviderReply.Failure reply = failure(call(server));
      assertThat(reply.failure()).isEqualTo(FailureClass.INVALID_RESPONSE);
      assertThat(reply.error().code()).isEqualTo("upstream_invalid_response");
    }
  }

  @Test
  void shouldCallItAServerErrorWhenA200HoldsAnError() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(200, "", error("overloaded"))) {
      ProviderReply.Failure reply = failure(call(server));
      assertThat(reply.failure()).isEqualTo(FailureClass.SERVER_ERROR);
      assertThat(reply.error().message()).contains("overloaded");
    }
  }

  @Test
  void shouldRefuseABodyPastTheBound() throws Exception {
    String long_ = COMPLETION.replace("hello", "x".repeat(5_000));
    try (ScriptedServer server = ScriptedServer.answering(200, "", long_)) {
      ProviderReply.Failure reply = failure(call(server, Map.of("max_response_bytes", 2_000)));
      assertThat(reply.failure()).isEqualTo(FailureClass.INVALID_RESPONSE);
      assertThat(reply.error().message()).contains("longer than 2000 bytes");
    }
  }

  @Test
  void shouldNotFollowARedirect() throws Exception {
    try (ScriptedServer thief = ScriptedServer.answering(200, "", COMPLETION);
        ScriptedServer server =
            ScriptedServer.answering(307, "Location: " + thief.baseUrl() + "\r\n", "")) {
      ProviderReply.Failure reply = failure(call(server));
      assertThat(reply.error().message()).contains("redirects", "base_url");
      assertThat(thief.requests()).isEmpty();
    }
  }

  @Test
  void shouldCallItAConnectionFaultWhenNobodyListens() throws Exception {
    try (Provider provider =
        new OpenAiProviderFactory()
            .create("openai", Map.of("base_url", "http://127.0.0.1:" + FreePorts.next()))) {
      ProviderReply.Failure reply =
          failure(provider.complete(request(KEY, Duration.ofSeconds(10))));
      assertThat(reply.failure()).isEqualTo(FailureClass.CONNECTION);
      assertThat(reply.error().code()).isEqualTo("upstream_unreachable");
      assertThat(reply.httpStatus()).isNull();
    }
  }

  @Test
  void shouldCallItAConnectionFaultWhenTheServerHangsUpAtOnce() throws Exception {
    assertConnectionFault(
        (request, out) -> {
          throw new IOException("hang up");
        });
  }

  @Test
  void shouldCallItAConnectionFaultWhenTheServerHangsUpWithinTheBody() throws Exception {
    assertConnectionFault(
        (request, out) -> {
          byte[] whole = ScriptedServer.response(200, "", COMPLETION);
          out.write(whole, 0, whole.length - 10);
          out.flush();
          throw new IOException("hang up");
        });
  }

  @Test
  void shouldCallItAConnectionFaultWhenTheAnswerIsNotHttp() throws Exception {
    assertConnectionFault(
        (request, out) -> {
          out.write("SSH-2.0-OpenSSH\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          out.flush();
          throw new IOException("hang up");
        });
  }

  @Test
  void shouldTimeOutWhenTheServerSaysNothing() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedServer server = ScriptedServer.answering((request, out) -> never.await());
        Provider provider = provider(server, Map.of())) {
      assertTimesOut(provider);
    }
  }

  @Test
  void shouldTimeOutWhenTheBodyDripsInTooSlowly() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedServer server =
            ScriptedServer.answering(
                (request, out) -> {
                  for (byte next : ScriptedServer.response(200, "", COMPLETION)) {
                    out.write(next);
                    out.flush();
                    if (never.await(20, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                      return;
                    }
                  }
                });
        Provider provider = provider(server, Map.of())) {
      assertTimesOut(provider);
    }
  }

  @Test
  void shouldGiveUpWhenInterrupted() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedServer server = ScriptedServer.answering((request, out) -> never.await());
        Provider provider = provider(server, Map.of())) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> provider.complete(request(KEY, Duration.ofSeconds(30))))
          .isInstanceOf(InterruptedException.class);
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
  void shouldPassOnWhenToTryAgain() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(429, "Retry-After: 7\r\n", "")) {
      assertThat(failure(call(server)).error().retryAfter()).isEqualTo(Duration.ofSeconds(7));
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

  @ParameterizedTest
  @MethodSource("errorsIn200")
  void shouldClassifyAnErrorWithinA200(String body, FailureClass failure, int status)
      throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(200, "", body)) {
      ProviderReply.Failure reply = failure(call(server));
      assertThat(reply.failure()).isEqualTo(failure);
      assertThat(reply.httpStatus()).isEqualTo(status);
    }
  }

  static Stream<Arguments> errorsIn200() {
    return Stream.of(
        arguments("{\"error\":{\"code\":429,\"message\":\"x\"}}", FailureClass.RATE_LIMITED, 429),
        arguments(error("rate_limit_exceeded"), FailureClass.RATE_LIMITED, 429),
        arguments(error("insufficient_quota"), FailureClass.KEY_REJECTED, 402),
        arguments(error("model_not_found"), FailureClass.KEY_REJECTED, 404),
        arguments(error("invalid_request_error"), FailureClass.REQUEST_REJECTED, 400),
        arguments("{\"error\":\"it broke\"}", FailureClass.SERVER_ERROR, 500));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"error\":{\"message\":\"The model `x` does not exist.\"}}",
        "{\"error\":\"model \\\"x\\\" not found, try pulling it first\"}",
        "{\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"model: x\"}}",
        "{\"error\":{\"code\":\"DeploymentNotFound\",\"message\":\"no\"}}"
      })
  void shouldKnowAMissingModelInEveryForm(String body) throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(404, "", body)) {
      assertThat(failure(call(server)).error().code()).isEqualTo("model_not_found");
    }
  }

  @Test
  void shouldNotBlameTheKeyForAModelThatNobodyHas() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(400, "", error("model_not_supported"))) {
      ProviderReply.Failure reply = failure(call(server));
      assertThat(reply.failure()).isEqualTo(FailureClass.REQUEST_REJECTED);
      assertThat(reply.error().code()).isEqualTo("model_not_found");
    }
  }

  @Test
  void shouldWaitWhileAModelLoads() throws Exception {
    String body = "{\"error\":\"Model x is currently loading\",\"estimated_time\":20.5}";
    try (ScriptedServer server = ScriptedServer.answering(503, "", body)) {
      assertThat(failure(call(server)).error().retryAfter()).isEqualTo(Duration.ofMillis(20_500));
    }
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

  private static void assertConnectionFault(ScriptedServer.Answer answer) throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(answer)) {
      ProviderReply.Failure reply = failure(call(server));
      assertThat(reply.failure()).isEqualTo(FailureClass.CONNECTION);
      assertThat(reply.error().code()).isEqualTo("upstream_unreachable");
    }
  }

  private static void assertTimesOut(Provider provider) throws InterruptedException {
    long start = System.nanoTime();
    ProviderReply.Failure reply = failure(provider.complete(request(KEY, Duration.ofMillis(300))));
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(300), Duration.ofSeconds(20));
    assertThat(reply.failure()).isEqualTo(FailureClass.TIMEOUT);
    assertThat(reply.error().code()).isEqualTo("upstream_timeout");
    assertThat(reply.error().message()).contains("within 300 ms");
  }

  private static ProviderReply call(ScriptedServer server) throws InterruptedException {
    return call(server, Map.of());
  }

  private static ProviderReply call(ScriptedServer server, Map<String, Object> settings)
      throws InterruptedException {
    try (Provider provider = provider(server, settings)) {
      return provider.complete(request(KEY, Duration.ofSeconds(30)));
    }
  }

  private static Provider provider(ScriptedServer server, Map<String, Object> settings) {
    Map<String, Object> all = new java.util.HashMap<>(settings);
    all.put("base_url", server.baseUrl());
    return new OpenAiProviderFactory().create("openai", all);
  }

  private static ProviderRequest request(
      @org.jspecify.annotations.Nullable String key, Duration timeout) {
    CompletionRequest request =
        CompletionRequest.of("openai/gpt-9", "hi there")
            .withStream(true)
            .withExtra(Map.of("top_k", "3", "stream_options", "{\"include_usage\":true}"));
    return new ProviderRequest(request, "gpt-9", "default/r-1#1", key, timeout);
  }

  private static ProviderReply.Failure failure(ProviderReply reply) {
    assertThat(reply).isInstanceOf(ProviderReply.Failure.class);
    return (ProviderReply.Failure) reply;
  }

  private static String error(String code) {
    return "{\"error\":{\"message\":\"it says %s\",\"type\":\"t\",\"code\":\"%s\"}}"
        .formatted(code, code);
  }
}
