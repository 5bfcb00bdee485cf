package io.millrace.launcher.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugins.schema.JsonSchema;
import io.millrace.plugins.schema.JsonSchema.Violation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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

  private final JsonSchema schema;

  private ConfigSchema(JsonSchema schema) {
    this.schema = schema;
  }

  /** Reads the schema that comes with the program. */
  public static ConfigSchema load() {
    try (InputStream in =
        Objects.requireNonNull(ConfigSchema.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      return new ConfigSchema(JsonSchema.of(new ObjectMapper().readTree(in), ONLY_FOR));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
  }

  /** The schema itself. */
  public JsonNode document() {
    return schema.document();
  }

  /** Every violation, each at its place. */
  List<Violation> violations(JsonNode tree) {
    return schema.violations(tree);
  }

  /** A copy of the tree in the schema's order in which every key that has a default is there. */
  ObjectNode withDefaults(ObjectNode tree) {
    return schema.withDefaults(tree);
  }
}
