package io.millrace.plugins.schema;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A JSON Schema (draft 2020-12) that settings are held to, and where their defaults are written
 * down. Immutable, thread-safe. References point inside the document.
 */
public final class JsonSchema {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode document;
  private final Schema compiled;

  private JsonSchema(JsonNode document, Schema compiled) {
    this.document = document;
    this.compiled = compiled;
  }

  /**
   * A schema as a document.
   *
   * @param annotations keywords of the document's own that check nothing
   */
  public static JsonSchema of(JsonNode document, String... annotations) {
    Dialect.Builder dialect = Dialect.builder(Dialects.getDraft202012());
    for (String annotation : annotations) {
      dialect.keyword(new NonValidationKeyword(annotation));
    }
    SchemaRegistry registry = SchemaRegistry.withDefaultDialect(dialect.build());
    return new JsonSchema(document, registry.getSchema(document));
  }

  /**
   * Reads a schema that somebody else wrote.
   *
   * @throws IllegalArgumentException when it is no JSON, or no JSON Schema: says where
   */
  public static JsonSchema parse(String text) {
    try {
      JsonNode document = JSON.readTree(text);
      List<Error> errors = metaSchema().validate(document);
      if (!document.isObject() || !errors.isEmpty()) {
        throw new IllegalArgumentException(
            "no JSON Schema: " + (errors.isEmpty() ? "it must be an object" : errors.getFirst()));
      }
      return of(document);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static Schema metaSchema() {
    return SchemaRegistry.withDefaultDialect(Dialects.getDraft202012())
        .getSchema(SchemaLocation.of(Dialects.getDraft202012().getId()));
  }

  /** The schema itself. */
  public JsonNode document() {
    return document;
  }

  /** Every violation, each at its place. */
  public List<Violation> violations(JsonNode tree) {
    List<Violation> violations = new ArrayList<>();
    for (Error error : compiled.validate(tree)) {
      JsonPointer keyword = JsonPointer.compile(error.getSchemaLocation().getFragment().toString());
      violations.add(
          new Violation(
              JsonPointer.compile(error.getInstanceLocation().toString()),
              error.getKeyword(),
              Objects.requireNonNullElse(error.getProperty(), ""),
              document.at(keyword.head()),
              error.getMessage()));
    }
    return violations;
  }

  /** A copy of the tree in the schema's order in which every key that has a default is there. */
  public ObjectNode withDefaults(ObjectNode tree) {
    ObjectNode copy = tree.deepCopy();
    fill(copy, document);
    return copy;
  }

  private void fill(ObjectNode target, JsonNode definition) {
    JsonNode resolved = resolve(definition);
    resolved
        .path("properties")
        .forEachEntry((name, property) -> fillProperty(target, name, property));
    JsonNode others = resolved.path("additionalProperties");
    if (others.isObject()) {
      target.forEach(member -> fillObject(member, others));
    }
  }

  private void fillProperty(ObjectNode target, String name, JsonNode property) {
    JsonNode definition = resolve(property);
    JsonNode fallback =
        property.has("default") ? property.get("default") : definition.get("default");
    JsonNode written = target.remove(name);
    if (written != null) {
      target.set(name, written);
    } else if (fallback != null) {
      target.set(name, fallback.deepCopy());
    }
    JsonNode value = target.path(name);
    fillObject(value, definition);
    value.forEach(element -> fillObject(element, definition.path("items")));
  }

  private void fillObject(JsonNode value, JsonNode definition) {
    if (value instanceof ObjectNode object && definition.isObject()) {
      fill(object, definition);
    }
  }

  private JsonNode resolve(JsonNode definition) {
    String reference = definition.path("$ref").asText("");
    return reference.isEmpty() ? definition : document.at(reference.substring(1));
  }

  /**
   * One violation as the validator reports it.
   *
   * @param at the place in the file
   * @param keyword the schema keyword that is violated
   * @param property the offending or missing key, or empty
   * @param definition the schema object the keyword stands in
   * @param message the validator's own words
   */
  public record Violation(
      JsonPointer at, String keyword, String property, JsonNode definition, String message) {}
}
