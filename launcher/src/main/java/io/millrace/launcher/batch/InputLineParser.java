package io.millrace.launcher.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.RequestKind;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import io.millrace.schemas.openai.JsonFaults;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of the OpenAI batch input format: {@code {"custom_id", "method", "url", "body"}}, of
 * chats and of embeddings. A {@code stream} in the body is dropped, because a batch writes whole
 * answers. Pure and thread-safe.
 */
final class InputLineParser {

  /** The longest {@code custom_id}, in characters. */
  static final int MAX_CUSTOM_ID_CHARS = 512;

  static final String INVALID_JSON = "invalid_json_line";
  static final String MISSING_FIELD = "missing_required_parameter";
  static final String DUPLICATE = "duplicate_custom_id";
  static final String INVALID_CUSTOM_ID = "invalid_custom_id";
  static final String INVALID_METHOD = "invalid_method";
  static final String INVALID_URL = "invalid_url";

  private static final String URLS =
      Arrays.stream(RequestKind.values())
          .map(kind -> '"' + kind.path() + '"')
          .collect(Collectors.joining(" or "));

  private static final ObjectReader READER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  private final @Nullable String model;

  /**
   * A parser.
   *
   * @param model takes the place of every line's own model; null leaves them
   */
  InputLineParser(@Nullable String model) {
    this.model = model;
  }

  /** Reads one line; never fails. */
  InputLine parse(RawLine line) {
    if (line.tooLong()) {
      return new InputLine.Bad(
          line.number(),
          null,
          ErrorCode.REQUEST_TOO_LARGE.wireName(),
          "the line has " + line.length() + " bytes, more than one request may have");
    }
    try {
      return parseJson(line, READER.readTree(line.bytes()));
    } catch (JsonProcessingException e) {
      return new InputLine.Bad(line.number(), null, INVALID_JSON, notJson(e));
    } catch (IOException e) {
      return new InputLine.Bad(
          line.number(), null, INVALID_JSON, "not UTF-8 text: " + e.getMessage());
    }
  }

  private static String notJson(JsonProcessingException e) {
    String column =
        e.getLocation() == null ? "" : " (column " + e.getLocation().getColumnNr() + ")";
    return "not a JSON object on one line: " + JsonFaults.reason(e) + column;
  }

  private InputLine parseJson(RawLine line, JsonNode json) {
    if (!(json instanceof ObjectNode object)) {
      return new InputLine.Bad(
          line.number(), null, INVALID_JSON, "not a JSON object but " + json.getNodeType());
    }
    JsonNode customId = object.path("custom_id");
    String id = customId.isTextual() ? customId.textValue() : null;
    InputLine.@Nullable Bad fault = envelopeFault(line.number(), object, id);
    if (fault != null || id == null) {
      return fault != null ? fault : badCustomId(line.number(), customId);
    }
    return withBody(
        line, id, (ObjectNode) object.path("body"), kind(object).orElse(RequestKind.CHAT));
  }

  private static Optional<RequestKind> kind(ObjectNode line) {
    return RequestKind.ofPath(line.path("url").asText(""));
  }

  private static InputLine.@Nullable Bad envelopeFault(
      long number, ObjectNode object, @Nullable String id) {
    if (id == null || id.isEmpty() || id.length() > MAX_CUSTOM_ID_CHARS) {
      return badCustomId(number, object.path("custom_id"));
    }
    if (!"POST".equals(object.path("method").textValue())) {
      return new InputLine.Bad(
          number,
          id,
          INVALID_METHOD,
          "method must be \"POST\", is " + shown(object.path("method")));
    }
    if (kind(object).isEmpty()) {
      return new InputLine.Bad(
          number, id, INVALID_URL, "url must be " + URLS + ", is " + shown(object.path("url")));
    }
    if (!object.path("body").isObject()) {
      return new InputLine.Bad(
          number, id, MISSING_FIELD, "body must be an object, is " + shown(object.path("body")));
    }
    return null;
  }

  private static InputLine.Bad badCustomId(long number, JsonNode customId) {
    return customId.isMissingNode() || customId.isNull()
        ? new InputLine.Bad(number, null, MISSING_FIELD, "custom_id is missing")
        : new InputLine.Bad(
            number,
            null,
            INVALID_CUSTOM_ID,
            "custom_id must be a string of 1 to " + MAX_CUSTOM_ID_CHARS + " characters");
  }

  private static String shown(JsonNode value) {
    if (value.isMissingNode()) {
      return "missing";
    }
    String text = value.toString();
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }

  private InputLine withBody(RawLine line, String customId, ObjectNode body, RequestKind kind) {
    if (model != null) {
      body.put("model", model);
    }
    body.remove("stream");
    body.remove("stream_options");
    try {
      CompletionRequest request = ChatCompletions.readRequest(body, kind);
      return new InputLine.Request(
          line.number(), customId, fingerprint(line.bytes()), line.length(), request);
    } catch (InvalidBodyException e) {
      return new InputLine.Bad(
          line.number(),
          customId,
          ErrorCode.INVALID_REQUEST.wireName(),
          e.param() == null
              ? "body: " + e.getMessage()
              : "body." + e.param() + ": " + e.getMessage());
    }
  }

  private int fingerprint(byte[] line) {
    CRC32C crc = new CRC32C();
    crc.update(line);
    if (model != null) {
      crc.update(model.getBytes(StandardCharsets.UTF_8));
    }
    return (int) crc.getValue();
  }
}
