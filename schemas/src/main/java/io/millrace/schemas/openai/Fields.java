package io.millrace.schemas.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that is being read: gives the fields asked for, checked for their type, and then
 * the rest. A field that is null counts as absent. For one thread.
 */
final class Fields {

  private static final int MAX_SHOWN = 64;

  private final ObjectNode node;
  private final String path;
  private final Set<String> asked = new HashSet<>();

  private Fields(ObjectNode node, String path) {
    this.node = node;
    this.path = path;
  }

  /**
   * Begins to read.
   *
   * @param path where the object stands, empty for the whole body
   */
  static Fields of(JsonNode node, String path) throws InvalidBodyException {
    if (node instanceof ObjectNode object) {
      return new Fields(object, path);
    }
    throw path.isEmpty()
        ? new InvalidBodyException("the body must be a JSON object, is " + kind(node), null)
        : wrongKind(path, "an object", node);
  }

  /** The path of a field. */
  String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** A field of any type. */
  @Nullable JsonNode any(String name) {
    asked.add(name);
    JsonNode value = node.get(name);
    return value == null || value.isNull() ? null : value;
  }

  JsonNode required(String name) throws InvalidBodyException {
    JsonNode value = any(name);
    if (value == null) {
      throw fault(name, "is required");
    }
    return value;
  }

  @Nullable String text(String name) throws InvalidBodyException {
    JsonNode value = any(name);
    return value == null ? null : text(value, path(name));
  }

  String requiredText(String name) throws InvalidBodyException {
    return text(required(name), path(name));
  }

  @Nullable Boolean flag(String name) throws InvalidBodyException {
    JsonNode value = any(name);
    if (value != null && !value.isBoolean()) {
      throw wrongKind(path(name), "true or false", value);
    }
    return value == null ? null : value.booleanValue();
  }

  @Nullable Double number(String name) throws InvalidBodyException {
    JsonNode value = any(name);
    if (value == null) {
      return null;
    }
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw wrongKind(path(name), "a number", value);
    }
    return value.doubleValue();
  }

  @Nullable Integer int32(String name) throws InvalidBodyException {
    JsonNode value = any(name);
    if (value == null) {
      return null;
    }
    if (!value.canConvertToExactIntegral() || !value.canConvertToInt()) {
      throw wrongKind(path(name), "a whole number of 32 bits", value);
    }
    return value.intValue();
  }

  @Nullable Long int64(String name) throws InvalidBodyException {
    JsonNode value = any(name);
    if (value == null) {
      return null;
    }
    if (!value.canConvertToExactIntegral() || !value.canConvertToLong()) {
      throw wrongKind(path(name), "a whole number of 64 bits", value);
    }
    return value.longValue();
  }

  @Nullable Fields object(String name) throws InvalidBodyException {
    JsonNode value = any(name);
    return value == null ? null : of(value, path(name));
  }

  Fields requiredObject(String name) throws InvalidBodyException {
    return of(required(name), path(name));
  }

  /** The elements of an array; none when it is absent. */
  Iterable<JsonNode> elements(String name) throws InvalidBodyException {
    JsonNode value = any(name);
    if (value == null) {
      return Set.of();
    }
    if (!value.isArray()) {
      throw wrongKind(path(name), "an array", value);
    }
    return value;
  }

  /** Whether there is a field that nobody asked for. */
  boolean hasRest() {
    return node.properties().stream().anyMatch(field -> !asked.contains(field.getKey()));
  }

  /** The fields that nobody asked for, as JSON text. */
  Map<String, String> rest() throws InvalidBodyException {
    Map<String, String> rest = new HashMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!asked.contains(field.getKey())) {
        String where = path(field.getKey());
        rest.put(Unicode.checked(field.getKey(), where), JsonText.of(field.getValue(), where));
      }
    }
    return rest;
  }

  /** An object of the fields that nobody asked for. */
  ObjectNode unasked() {
    ObjectNode rest = JsonText.object();
    node.properties().stream()
        .filter(field -> !asked.contains(field.getKey()))
        .forEach(field -> rest.set(field.getKey(), field.getValue()));
    return rest;
  }

  /** What is wrong with a field. */
  InvalidBodyException fault(String name, String rule) {
    return new InvalidBodyException(path(name) + " " + rule, path(name));
  }

  static String text(JsonNode value, String path) throws InvalidBodyException {
    if (!value.isTextual()) {
      throw wrongKind(path, "a string", value);
    }
    return Unicode.checked(value.textValue(), path);
  }

  static InvalidBodyException wrongKind(String path, String right, JsonNode value) {
    return new InvalidBodyException(path + " must be " + right + ", is " + kind(value), path);
  }

  /** A text of the caller's in quotation marks, cut to a bound. */
  static String shown(String text) {
    return "'" + (text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…") + "'";
  }

  private static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "the string " + shown(value.textValue());
      case NUMBER -> "the number " + shown(value.asText()).replace("'", "");
      case BOOLEAN -> value.asText();
      case ARRAY -> "an array";
      case OBJECT, POJO -> "an object";
      case NULL -> "null";
      case BINARY, MISSING -> "nothing JSON knows";
    };
  }
}
