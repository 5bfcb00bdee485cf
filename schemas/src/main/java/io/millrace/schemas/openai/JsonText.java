package io.millrace.schemas.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** JSON trees to text and back, digit for digit. */
final class JsonText {

  /** How deep a field kept as JSON text may nest. */
  static final int MAX_DEPTH = 200;

  /** A kept field stands inside a few objects more when it is written back. */
  private static final int MAX_BODY_DEPTH = MAX_DEPTH + 56;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_BODY_DEPTH).build())
                  .streamWriteConstraints(
                      StreamWriteConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  /** Numbers are the same when their values are: 1 and 1.0 and 1e0. */
  private static final Comparator<JsonNode> BY_VALUE =
      (left, right) -> {
        if (left.isNumber() && right.isNumber()) {
          return left.decimalValue().compareTo(right.decimalValue());
        }
        return left.equals(right) ? 0 : 1;
      };

  private JsonText() {}

  /** Reads a whole body. */
  static JsonNode parse(byte[] bytes) throws InvalidBodyException {
    try {
      JsonNode body = MAPPER.readTree(bytes);
      if (body.isMissingNode()) {
        throw new InvalidBodyException("the body is empty, must be a JSON object", null);
      }
      return body;
    } catch (JsonProcessingException e) {
      throw new InvalidBodyException("the body is not JSON: " + reason(e), null);
    } catch (IOException e) {
      // Bytes in memory fail only where they are no UTF-8.
      throw new InvalidBodyException("the body is not UTF-8: " + e.getMessage(), null);
    }
  }

  /** The text of a tree that stays as it was sent. */
  static String of(JsonNode node, String path) throws InvalidBodyException {
    try {
      return Unicode.checked(MAPPER.writeValueAsString(node), path);
    } catch (JsonProcessingException e) {
      throw new InvalidBodyException(
          path + " must nest at most " + MAX_DEPTH + " deep: " + e.getOriginalMessage(), path);
    }
  }

  /**
   * The tree of a text.
   *
   * @throws IllegalArgumentException when it is not JSON; the message names the field
   */
  static JsonNode tree(String text, String name) {
    try {
      JsonNode tree = MAPPER.readTree(text);
      if (tree.isMissingNode()) {
        throw new IllegalArgumentException(name + " must hold JSON text, is empty");
      }
      return tree;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(name + " must hold JSON text: " + reason(e), e);
    }
  }

  /**
   * Adds fields kept as text, in the order of their names, where the body has none of the name.
   *
   * @param settled a field that is absent on purpose when the body has none
   */
  static void addMissing(ObjectNode body, Map<String, String> extra, String settled) {
    new TreeMap<>(extra)
        .forEach(
            (name, text) -> {
              if (!body.has(name) && !name.equals(settled)) {
                body.set(name, tree(text, name));
              }
            });
  }

  static void addMissing(ObjectNode body, Map<String, String> extra) {
    addMissing(body, extra, "");
  }

  /** Whether two trees say the same. */
  static boolean same(JsonNode left, JsonNode right) {
    return left.equals(BY_VALUE, right);
  }

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  private static String reason(JsonProcessingException e) {
    String message = JsonFaults.reason(e);
    return e.getLocation() == null
        ? message
        : message
            + " (line "
            + e.getLocation().getLineNr()
            + ", column "
            + e.getLocation().getColumnNr()
            + ")";
  }
}
