package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What a provider wrote about an error, in any of the forms that providers use.
 *
 * @param code its {@code error.code}, or {@code error.type} where there is none, or empty
 * @param type its {@code error.type}, or empty
 * @param message its {@code error.message}, cut to a bound, or empty
 * @param text the whole body, cut to a bound
 * @param retryAfter how long a model still takes to load, or null
 */
record ErrorBody(
    String code, String type, String message, String text, @Nullable Duration retryAfter) {

  /** The most that is kept of a body, in characters. */
  static final int MAX_TEXT = 2_048;

  private static final int MAX_MESSAGE = 300;
  private static final int MAX_CODE = 64;
  private static final double MAX_RETRY_SECONDS = 86_400;
  private static final String HIDDEN = "***";

  /** Reads a body, which may be anything. */
  static ErrorBody read(byte[] bytes, @Nullable String secret) {
    try {
      return of(ChatCompletions.parse(bytes), bytes, secret);
    } catch (InvalidBodyException e) {
      return new ErrorBody("", "", "", text(bytes, secret), null);
    }
  }

  /** Reads a body that is JSON. */
  static ErrorBody of(JsonNode body, byte[] bytes, @Nullable String secret) {
    JsonNode error = body.path("error");
    JsonNode inner = error.isObject() ? error : body;
    String type = first(inner, List.of("type", "error_type"));
    type = type.equals("error") ? "" : type;
    String code = first(inner, List.of("code"));
    String message =
        error.isTextual() ? error.asText() : first(inner, List.of("message", "detail"));
    message = message.isEmpty() ? complaint(inner) : message;
    return new ErrorBody(
        cut(hide(code.isEmpty() ? type : code, secret), MAX_CODE),
        cut(hide(type, secret), MAX_CODE),
        cut(hide(message, secret), MAX_MESSAGE),
        text(bytes, secret),
        seconds(body.path("estimated_time")));
  }

  /** Without anything the provider wrote in its own words. */
  ErrorBody codeOnly() {
    return new ErrorBody(code, type, "", "", retryAfter);
  }

  /** For the end of a message: empty, or a colon and what there is to say. */
  String describe() {
    String both = message.isEmpty() || code.isEmpty() ? code + message : code + ", " + message;
    return both.isEmpty() ? "" : ": " + both;
  }

  /** The first of a list of complaints, with its place: {@code detail}, of Mistral and vLLM. */
  private static String complaint(JsonNode inner) {
    JsonNode details = inner.path("message").path("detail");
    JsonNode first = (details.isArray() ? details : inner.path("detail")).path(0);
    StringJoiner place = new StringJoiner(".");
    first.path("loc").forEach(step -> place.add(step.asText()));
    String says = first.path("msg").asText("");
    return place.length() == 0 || says.isEmpty() ? says : place + ": " + says;
  }

  private static String first(JsonNode node, List<String> names) {
    for (String name : names) {
      JsonNode value = node.path(name);
      if (value.isTextual() || value.isIntegralNumber()) {
        return value.asText();
      }
    }
    return "";
  }

  private static @Nullable Duration seconds(JsonNode estimate) {
    double seconds = estimate.asDouble(0);
    return seconds > 0
        ? Duration.ofMillis((long) (Math.min(seconds, MAX_RETRY_SECONDS) * 1_000))
        : null;
  }

  private static String text(byte[] bytes, @Nullable String secret) {
    // Long enough that a key at the cut is seen whole.
    int most = Math.min(bytes.length, MAX_TEXT * 4 + (secret == null ? 0 : secret.length()));
    return cut(hide(new String(bytes, 0, most, StandardCharsets.UTF_8), secret), MAX_TEXT);
  }

  private static String hide(String text, @Nullable String secret) {
    return secret == null || secret.isEmpty() ? text : text.replace(secret, HIDDEN);
  }

  private static String cut(String text, int max) {
    return text.length() <= max ? text : text.substring(0, max) + "…";
  }
}
