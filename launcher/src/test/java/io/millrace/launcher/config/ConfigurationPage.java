package io.millrace.launcher.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Writes the table of keys in docs/configuration.md out of the JSON Schema. */
final class ConfigurationPage {

  private final JsonNode schema;
  private final StringBuilder table = new StringBuilder();

  ConfigurationPage(JsonNode schema) {
    this.schema = schema;
  }

  String table() {
    table.append("| key | values | default | meaning |\n|---|---|---|---|\n");
    addProperties("", schema);
    return table.toString();
  }

  private void addProperties(String prefix, JsonNode section) {
    section
        .path("properties")
        .properties()
        .forEach(property -> add(prefix + property.getKey(), property.getValue()));
  }

  private void add(String key, JsonNode written) {
    JsonNode node = written.has("$ref") ? definition(written) : written;
    boolean section = node.has("properties");
    if (!section) {
      row(key, written, node);
    }
    addProperties(key + ".", node);
    addEntries(key, node);
  }

  /** Sections whose entries have names of the user's own, and lists of sections. */
  private void addEntries(String key, JsonNode node) {
    addReferenced(key + ".<name>", node.path("additionalProperties"));
    addReferenced(key + "[]", node.path("items"));
  }

  private void addReferenced(String key, JsonNode entry) {
    if (entry.has("$ref")) {
      addProperties(key + ".", definition(entry));
    }
  }

  private JsonNode definition(JsonNode reference) {
    return schema.at(reference.get("$ref").asText().substring(1));
  }

  private void row(String key, JsonNode written, JsonNode node) {
    String only = written.path("x-only-for").asText().replace("http", "types called over HTTP");
    String meaning =
        written.path("description").asText() + (only.isEmpty() ? "" : " Only for " + only + ".");
    table.append(
        "| `%s` | %s | %s | %s |\n"
            .formatted(key, values(written, node), defaultOf(written), meaning.strip()));
  }

  private static String values(JsonNode written, JsonNode node) {
    if (written.path("$ref").asText().endsWith("duration")) {
      return "duration";
    }
    if (node.has("enum")) {
      return texts(node.get("enum")).stream().collect(Collectors.joining("`, `", "`", "`"));
    }
    JsonNode types = node.path("type");
    String type = types.isArray() ? String.join(" or ", texts(types)) : types.asText();
    if (node.has("minimum") && node.has("maximum")) {
      return type + " " + node.get("minimum").asText() + "–" + node.get("maximum").asText();
    }
    return type;
  }

  private static String defaultOf(JsonNode written) {
    JsonNode value = written.path("default");
    return value.isMissingNode() || value.isEmpty() && value.isContainerNode()
        ? ""
        : "`" + (value.isTextual() ? value.asText() : value) + "`";
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
