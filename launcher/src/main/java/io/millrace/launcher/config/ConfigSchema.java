package io.millrace.launcher.config;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The published JSON Schema of the configuration file. It is where keys, types, bounds and defaults
 * are written down; nothing repeats them.
 */
public final class ConfigSchema {

  private static final String RESOURCE = "millrace.schema.json";

  /** Marks keys of a provider that only one type of provider knows. */
  static final String ONLY_FOR = "x-only-for";

  private final JsonNode document;

  private ConfigSchema(JsonNode document) {
    this.document = document;
  }

  /** Reads the schema that comes with the program. */
  public static ConfigSchema load() {
    try (InputStream in =
        Objects.requireNonNull(ConfigSchema.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      return new ConfigSchema(new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
  }

  /** The schema itself. */
  public JsonNode document() {
    return document;
  }

  /** Every violation, each at its place. */
  List<Violation> violations(JsonNode tree) {
    List<Violation> violations = new ArrayList<>();
    for (Error error : compile().validate(tree)) {
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

  private Schema compile() {
    Dialect dialect =
        Dialect.builder(Dialects.getDraft202012())
            .keyword(new NonValidationKeyword(ONLY_FOR))
            .build();
    return SchemaRegistry.withDefaultDialect(dialect).getSchema(document);
  }

  /** A copy of the tree in the schema's order in which every key that has a default is there. */
  ObjectNode withDefaults(ObjectNode tree) {
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
  record Violation(
      JsonPointer at, String keyword, String property, JsonNode definition, String message) {}
}
