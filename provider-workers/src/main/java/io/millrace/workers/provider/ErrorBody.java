package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a provider wrote about an error.
 *
 * @param code its {@code error.code}, or {@code error.type} where there is none, or empty
 * @param message its {@code error.message}, cut to a bound, or empty
 * @param text the whole body, cut to a bound
 */
record ErrorBody(String code, String message, String text) {

  /** The most that is kept of a body, in characters. */
  static final int MAX_TEXT = 2_048;

  private static final int MAX_MESSAGE = 300;
  private static final int MAX_CODE = 64;
  private static final String HIDDEN = "***";

  /** Reads a body, which may be anything. */
  static ErrorBody read(byte[] bytes, @Nullable String secret) {
    try {
      return of(ChatCompletions.parse(bytes), bytes, secret);
    } catch (InvalidBodyException e) {
      return new ErrorBody("", "", text(bytes, secret));
    }
  }

  /** Reads a body that is JSON. */
  static ErrorBody of(JsonNode body, byte[] bytes, @Nullable String secret) {
    JsonNode error = body.path("error");
    String code = error.path("code").asText("");
    if (code.isEmpty() || code.equals("null")) {
      code = error.path("type").asText("");
    }
    String message = error.isTextual() ? error.asText() : error.path("message").asText("");
    return new ErrorBody(
        cut(hide(code, secret), MAX_CODE),
        cut(hide(message, secret), MAX_MESSAGE),
        text(bytes, secret));
  }

  /** Without anything the provider wrote in its own words. */
  ErrorBody codeOnly() {
    return new ErrorBody(code, "", "");
  }

  /** For the end of a message: empty, or a colon and what there is to say. */
  String describe() {
    String both = message.isEmpty() || code.isEmpty() ? code + message : code + ", " + message;
    return both.isEmpty() ? "" : ": " + both;
  }

  private static String text(byte[] bytes, @Nullable String secret) {
    int most = Math.min(bytes.length, MAX_TEXT * 4);
    return cut(hide(new String(bytes, 0, most, StandardCharsets.UTF_8), secret), MAX_TEXT);
  }

  private static String hide(String text, @Nullable String secret) {
    return secret == null ? text : text.replace(secret, HIDDEN);
  }

  private static String cut(String text, int max) {
    return text.length() <= max ? text : text.substring(0, max) + "…";
  }
}
