package io.millrace.schemas.history;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.avro.PipelineEvent;
import io.millrace.schemas.avro.ProviderCall;
import io.millrace.schemas.avro.Usage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events and calls in JSON, for people and HTTP callers: {@code type}, {@code at_ms}, {@code
 * source}, {@code attempt} and {@code attributes}, whose values are texts. What only concerns
 * operators, which key was used and which worker called, is left out. Thread-safe.
 */
public final class HistoryJson {

  /** The type of a call that went well. */
  public static final String CALL_COMPLETED = "call-completed";

  /** The type of a call that failed. */
  public static final String CALL_FAILED = "call-failed";

  /** The longest value of an attribute; more is cut. */
  private static final int MAX_CHARACTERS = 1_000;

  private HistoryJson() {}

  /** Writes an event. */
  public static ObjectNode write(PipelineEvent event) {
    ObjectNode body = body(event.getType(), event.getAtMillis(), event.getSource());
    if (event.getAttempt() != null) {
      body.put("attempt", event.getAttempt());
    }
    ObjectNode attributes = body.putObject("attributes");
    event.getAttributes().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> attributes.put(entry.getKey(), cut(entry.getValue())));
    return body;
  }

  /** Writes a call. */
  public static ObjectNode write(ProviderCall call) {
    @Nullable String error = call.getErrorCode();
    ObjectNode body =
        body(
            error == null ? CALL_COMPLETED : CALL_FAILED,
            new HistoryStep.Called(call).atMillis(),
            "worker");
    body.put("attempt", call.getAttempt());
    ObjectNode attributes =
        body.putObject("attributes")
            .put("provider", call.getProvider())
            .put("model", call.getModel())
            .put("call", Integer.toString(call.getCall()))
            .put("latency_micros", Long.toString(call.getLatencyMicros()))
            .put("cost_nanos", Long.toString(call.getCostNanos()));
    if (error != null) {
      attributes.put("code", error);
    }
    if (call.getHttpStatus() != null) {
      attributes.put("http_status", call.getHttpStatus().toString());
    }
    @Nullable Usage usage = call.getUsage();
    if (usage != null) {
      attributes
          .put("prompt_tokens", Long.toString(usage.getPromptTokens()))
          .put("completion_tokens", Long.toString(usage.getCompletionTokens()));
    }
    return body;
  }

  private static ObjectNode body(String type, long atMillis, String source) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", type)
        .put("at_ms", atMillis)
        .put("source", source);
  }

  private static String cut(String text) {
    return text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS) + "…";
  }
}
