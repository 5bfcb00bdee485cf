package io.millrace.workers.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.tck.ScriptedServer;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which failure an answer is, whatever form the server gives it. */
class OpenAiErrorsTest extends OpenAiFixture {

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
  @MethodSource("errorsIn200")
  void shouldClassifyAnErrorWithinA200(String body, FailureClass failure, int status)
      throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(200, "", body)) {
      ProviderReply.Failure reply = failure(call(server));
      assertThat(reply.failure()).isEqualTo(failure);
      assertThat(reply.httpStatus()).isEqualTo(status);
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
  void shouldPassOnWhenToTryAgain() throws Exception {
    try (ScriptedServer server = ScriptedServer.answering(429, "Retry-After: 7\r\n", "")) {
      assertThat(failure(call(server)).error().retryAfter()).isEqualTo(Duration.ofSeconds(7));
    }
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
}
