package io.millrace.plugins.schema;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.plugins.schema.JsonSchema.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Says in the words of the configuration file what the validator found. */
public final class SchemaFaults {

  private final JsonNode tree;
  private final String root;

  /** Of a tree that is the whole file. */
  public SchemaFaults(JsonNode tree) {
    this(tree, ConfigPath.ROOT);
  }

  /** Of a tree that stands at a path of the file. */
  public SchemaFaults(JsonNode tree, String root) {
    this.tree = tree;
    this.root = root;
  }

  /** A violation as a fault of the file. */
  public ConfigFault describe(Violation violation) {
    String path = path(violation.at());
    JsonNode value = tree.at(violation.at());
    JsonNode definition = violation.definition();
    return switch (violation.keyword()) {
      case "additionalProperties" -> unknownKey(path, violation);
      case "required" ->
          new ConfigFault(ConfigPath.member(path, violation.property()), "is missing");
      case "type" ->
          new ConfigFault(
              path, "must be %s, is %s".formatted(kind(definition.path("type")), show(value)));
      case "enum" -> notOneOf(path, value, definition);
      case "minimum" ->
          new ConfigFault(
              path, "must be at least %s, is %s".formatted(definition.get("minimum"), show(value)));
      case "maximum" ->
          new ConfigFault(
              path, "must be at most %s, is %s".formatted(definition.get("maximum"), show(value)));
      case "pattern" ->
          new ConfigFault(
              path,
              "%s is not valid here; for example: %s"
                  .formatted(show(value), joined(definition.path("examples"))));
      default -> new ConfigFault(path, violation.message());
    };
  }

  /** The place as people write it. */
  public String path(JsonPointer at) {
    String path = root;
    JsonNode node = tree;
    for (JsonPointer rest = at; !rest.matches(); rest = rest.tail()) {
      path =
          node.isArray()
              ? ConfigPath.element(path, rest.getMatchingIndex())
              : ConfigPath.member(path, rest.getMatchingProperty());
      node =
          node.isArray()
              ? node.path(rest.getMatchingIndex())
              : node.path(rest.getMatchingProperty());
    }
    return path;
  }

  private static ConfigFault unknownKey(String path, Violation violation) {
    List<String> known = new ArrayList<>();
    violation.definition().path("properties").fieldNames().forEachRemaining(known::add);
    return new ConfigFault(
        ConfigPath.member(path, violation.property()),
        "unknown key; " + Suggestion.of(violation.property(), known));
  }

  private static ConfigFault notOneOf(String path, JsonNode value, JsonNode definition) {
    List<String> allowed =
        StreamSupport.stream(definition.path("enum").spliterator(), false)
            .map(JsonNode::asText)
            .toList();
    String hint =
        Suggestion.nearest(value.asText(), allowed)
            .map(name -> "; did you mean '" + name + "'?")
            .orElse("");
    return new ConfigFault(
        path, "%s is none of %s%s".formatted(show(value), String.join(", ", allowed), hint));
  }

  private static String kind(JsonNode type) {
    return switch (type.asText()) {
      case "object" -> "a section with keys";
      case "array" -> "a list";
      case "integer" -> "a whole number";
      case "boolean" -> "true or false";
      case "" -> "one of: " + joined(type);
      default -> "a " + type.asText();
    };
  }

  private static String show(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "a section";
      case ARRAY -> "a list";
      case NULL, MISSING -> "empty";
      case STRING -> "'" + value.textValue() + "'";
      case NUMBER, BOOLEAN, BINARY, POJO -> value.asText();
    };
  }

  private static String joined(JsonNode values) {
    return StreamSupport.stream(values.spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.joining(", "));
  }
}
