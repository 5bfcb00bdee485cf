package io.millrace.schemas.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Usage;
import io.millrace.schemas.avro.AttemptSummary;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.model.AvroModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionResultJsonTest {

  private static final long ACCEPTED = 1_767_225_600_000L;

  @Test
  void shouldWriteResponseWhenRequestCompleted() {
    Completion completion = Completion.ofText("c1", "gpt", 7, "Hello", Usage.of(3, 4));

    assertThat(CompletionResultJson.write(result(AvroModel.toAvro(completion), 1_500)).toString())
        .isEqualTo(
            """
            {"requestId":"r1","tenant":"acme","status":"completed","requestedModel":"auto",\
            "provider":"openai","model":"gpt","response":{"id":"c1","object":"chat.completion",\
            "created":7,"model":"gpt","choices":[{"index":0,"message":{"role":"assistant",\
            "content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,\
            "completion_tokens":4,"total_tokens":7}},"attempts":[],"lane":"standard",\
            "acceptedAt":"2026-01-01T00:00:00.000Z","finishedAt":"2026-01-01T00:00:01.234Z",\
            "latencyMillis":1234,"costUsd":0.0000015}\
            """);
  }

  @Test
  void shouldWriteErrorAndAttemptsWhenRequestFailed() {
    var error =
        AvroModel.toAvro(
            ErrorCode.UPSTREAM_RATE_LIMITED
                .error("Too many.")
                .withRetryAfter(Duration.ofSeconds(2))
                .withProviderBody("{}"));
    CompletionResult result = result(error, 0);
    result.setAttempts(
        List.of(
            new AttemptSummary(1, "openai", "gpt", error, ACCEPTED, ACCEPTED + 5, 20_000_000L)));
    String expectedError =
        """
        {"code":"upstream_rate_limited","category":"RATE_LIMIT","message":"Too many.",\
        "httpStatus":429,"retryAfterMillis":2000}\
        """;

    var body = CompletionResultJson.write(result);

    assertThat(body.get("status").asText()).isEqualTo("failed");
    assertThat(body.has("response")).isFalse();
    assertThat(body.get("error")).hasToString(expectedError);
    assertThat(body.get("attempts"))
        .hasToString(
            "[{\"attempt\":1,\"provider\":\"openai\",\"model\":\"gpt\",\"error\":"
                + expectedError
                + ",\"startedAt\":\"2026-01-01T00:00:00.000Z\",\"latencyMillis\":5,"
                + "\"costUsd\":0.02}]");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1E-9", "1000, 0.000001", "1000000000, 1", "120000000000, 120"})
  void shouldWriteCostExactly(long nanos, String dollars) {
    var error = AvroModel.toAvro(ErrorCode.INTERNAL_ERROR.error("x"));

    assertThat(CompletionResultJson.write(result(error, nanos)).toString())
        .endsWith("\"costUsd\":" + dollars + "}");
  }

  private static CompletionResult result(Object outcome, long costNanos) {
    return new CompletionResult(
        "r1",
        "acme",
        "auto",
        outcome,
        "openai",
        "gpt",
        List.of(),
        Lane.STANDARD,
        ACCEPTED,
        ACCEPTED + 1_234,
        costNanos,
        Map.of());
  }
}
