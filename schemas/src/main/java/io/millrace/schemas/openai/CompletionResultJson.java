package io.millrace.schemas.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.avro.AttemptSummary;
import io.millrace.schemas.avro.Completion;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.PipelineError;
import io.millrace.schemas.model.AvroModel;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A result in JSON, for people and for the topic of results in JSON. Either {@code response}, a
 * chat completions response, or {@code error} is there, as {@code status} says. Times are ISO 8601
 * in UTC with milliseconds; costs are exact decimals in US dollars. Thread-safe.
 */
public final class CompletionResultJson {

  private static final int NANO_DIGITS = 9;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private CompletionResultJson() {}

  /**
   * Writes a result.
   *
   * @throws IllegalArgumentException when a field of the response that must hold JSON text does not
   */
  public static ObjectNode write(CompletionResult result) {
    ObjectNode body = JsonText.object();
    body.put("requestId", result.getRequestId());
    body.put("tenant", result.getTenant());
    body.put("status", result.getOutcome() instanceof Completion ? "completed" : "failed");
    body.put("requestedModel", result.getRequestedModel());
    body.put("provider", result.getProvider());
    body.put("model", result.getModel());
    switch (result.getOutcome()) {
      case Completion completion ->
          body.set("response", ChatCompletions.writeCompletion(AvroModel.toModel(completion)));
      case PipelineError error -> body.set("error", error(error));
      default -> throw new IllegalArgumentException("not an outcome: " + result.getOutcome());
    }
    ArrayNode attempts = body.putArray("attempts");
    result.getAttempts().forEach(attempt -> attempts.add(attempt(attempt)));
    body.put("lane", RequestEventJson.wireName(result.getLane()));
    body.put("acceptedAt", time(result.getAcceptedAtMillis()));
    body.put("finishedAt", time(result.getFinishedAtMillis()));
    body.put("latencyMillis", result.getFinishedAtMillis() - result.getAcceptedAtMillis());
    if (!result.getResponseHeaders().isEmpty()) {
      result.getResponseHeaders().forEach(body.putObject("responseHeaders")::put);
    }
    return body.put("costUsd", dollars(result.getCostNanos()));
  }

  private static ObjectNode attempt(AttemptSummary attempt) {
    ObjectNode body = JsonText.object();
    body.put("attempt", attempt.getAttempt());
    body.put("provider", attempt.getProvider());
    body.put("model", attempt.getModel());
    @Nullable PipelineError error = attempt.getError();
    if (error != null) {
      body.set("error", error(error));
    }
    body.put("startedAt", time(attempt.getStartedAtMillis()));
    body.put("latencyMillis", attempt.getEndedAtMillis() - attempt.getStartedAtMillis());
    return body.put("costUsd", dollars(attempt.getCostNanos()));
  }

  private static ObjectNode error(PipelineError error) {
    ObjectNode body = JsonText.object();
    body.put("code", error.getCode());
    body.put("category", error.getCategory());
    body.put("message", error.getMessage());
    body.put("httpStatus", error.getHttpStatus());
    if (error.getRetryAfterMillis() != null) {
      body.put("retryAfterMillis", error.getRetryAfterMillis());
    }
    return body;
  }

  private static String time(long millis) {
    return TIME.format(Instant.ofEpochMilli(millis));
  }

  /** Without zeros at the end, and never with a positive exponent. */
  private static BigDecimal dollars(long nanos) {
    BigDecimal exact = BigDecimal.valueOf(nanos, NANO_DIGITS).stripTrailingZeros();
    return exact.scale() < 0 ? exact.setScale(0) : exact;
  }
}
