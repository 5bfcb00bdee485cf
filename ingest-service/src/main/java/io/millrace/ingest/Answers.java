package io.millrace.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.Completion;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.model.AvroModel;
import io.millrace.schemas.openai.ChatCompletions;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes what HTTP callers get. */
final class Answers {

  /** The pipeline's id of the request, also when the caller has one of its own. */
  static final String MILLRACE_REQUEST_ID = "X-Millrace-Request-ID";

  static final String REQUESTS_PATH = "/v1/requests/";

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Answers() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static void json(Context call, int status, JsonNode body) {
    try {
      call.status(status).contentType("application/json").result(MAPPER.writeValueAsBytes(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write a body", e);
    }
  }

  static void error(Context call, PipelineError error, @Nullable String param) {
    Duration retryAfter = error.retryAfter();
    if (retryAfter != null) {
      call.header("Retry-After", Long.toString(wholeSeconds(retryAfter)));
    } else if (error.httpStatus() == 429 || error.httpStatus() == 503) {
      call.header("Retry-After", "1");
    }
    if (error.httpStatus() == 401) {
      call.header("WWW-Authenticate", "Bearer");
    }
    json(call, error.httpStatus(), ChatCompletions.writeError(error, param));
  }

  /**
   * The result itself: a completion or vectors, as the request wants them written, or its error
   * with the matching status.
   */
  static void result(Context call, CompletionResult result, CompletionRequest request) {
    result.getResponseHeaders().forEach(call::header);
    switch (result.getOutcome()) {
      case Completion completion ->
          json(
              call,
              200,
              ChatCompletions.writeCompletion(
                  AvroModel.toModel(completion), ChatCompletions.wantsBase64(request.getExtra())));
      case io.millrace.schemas.avro.PipelineError error ->
          error(call, AvroModel.toModel(error), null);
      default -> throw new IllegalStateException("a result without an outcome");
    }
  }

  /** The state of a request that is not over. */
  static void open(Context call, int status, String requestId, RequestState.Open state) {
    json(call, status, described(requestId, state.status(), state.acceptedAtMillis()));
  }

  /** A settled request as a resource: 200, whether it went well or not. */
  static void settled(Context call, int status, CompletionResult result) {
    json(call, status, describe(result));
  }

  /** A settled request as GET /v1/requests/{id} shows it. */
  static ObjectNode describe(CompletionResult result) {
    ObjectNode body =
        described(result.getRequestId(), status(result), result.getAcceptedAtMillis());
    body.put("finished_at_ms", result.getFinishedAtMillis())
        .put("model", result.getRequestedModel())
        .put("provider", result.getProvider())
        .put("lane", result.getLane().name().toLowerCase(Locale.ROOT))
        .put("attempts", result.getAttempts().size())
        .put("cost_nanos", result.getCostNanos());
    switch (result.getOutcome()) {
      case Completion completion ->
          body.set("response", ChatCompletions.writeCompletion(AvroModel.toModel(completion)));
      case io.millrace.schemas.avro.PipelineError error ->
          body.setAll(ChatCompletions.writeError(AvroModel.toModel(error), null));
      default -> throw new IllegalStateException("a result without an outcome");
    }
    return body;
  }

  /** How a request ended: completed or failed. */
  static String status(CompletionResult result) {
    return result.getOutcome() instanceof Completion ? "completed" : "failed";
  }

  /** A request without what came of it. */
  static ObjectNode described(String requestId, String status, long acceptedAtMillis) {
    return object()
        .put("id", requestId)
        .put("object", "request")
        .put("status", status)
        .put("accepted_at_ms", acceptedAtMillis);
  }

  /** Names the request in the headers, whatever becomes of it. */
  static void identity(Context call, String requestId) {
    call.header(MILLRACE_REQUEST_ID, requestId);
    if (HttpSubmission.callersId(call) == null) {
      call.header(HttpSubmission.REQUEST_ID, requestId);
    }
  }

  private static long wholeSeconds(Duration duration) {
    return Math.max(1, duration.plusMillis(999).toSeconds());
  }
}
