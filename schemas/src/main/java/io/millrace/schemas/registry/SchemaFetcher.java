package io.millrace.schemas.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.registry.SchemaRegistry.RegisteredSchema;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Fetches schemas and the schemas they refer to. What the registry accepted is taken without
 * further checks of names and defaults: data written with it must stay readable.
 */
final class SchemaFetcher {

  /** References of references: deeper than anybody nests, low enough to end a cycle. */
  private static final int MAX_REFERENCE_DEPTH = 16;

  private final RegistryHttp http;

  SchemaFetcher(RegistryHttp http) {
    this.http = http;
  }

  Schema schemaOf(int id) {
    String path = "/schemas/ids/" + id;
    return parse(path, http.get(path));
  }

  RegisteredSchema latest(String subject) {
    String path = "/subjects/" + RestSchemaRegistry.encoded(subject) + "/versions/latest";
    JsonNode answer = http.get(path);
    if (!answer.path("version").isInt() || !answer.path("id").isInt()) {
      throw RegistryHttp.invalid(path, "without a version or a schema id");
    }
    return new RegisteredSchema(
        subject,
        answer.path("version").intValue(),
        answer.path("id").intValue(),
        parse(path, answer));
  }

  private Schema parse(String path, JsonNode answer) {
    Map<String, Schema> known = new LinkedHashMap<>();
    return parse(path, answer, known, 0);
  }

  private Schema parse(String path, JsonNode answer, Map<String, Schema> known, int depth) {
    String type = answer.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw notAvro(path + " is a schema of type " + type + ", not AVRO", null);
    }
    if (!answer.path("schema").isTextual()) {
      throw RegistryHttp.invalid(path, "without a schema");
    }
    for (JsonNode reference : answer.path("references")) {
      parseReferenced(reference, known, depth + 1);
    }
    try {
      var parser = new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false);
      Schema schema = parser.addTypes(known.values()).parse(answer.path("schema").textValue());
      known.putAll(parser.getTypes());
      return schema;
    } catch (AvroRuntimeException e) {
      throw notAvro(path + " is no schema that Avro can parse: " + e.getMessage(), e);
    }
  }

  private static SchemaRegistryException notAvro(String what, @Nullable Throwable cause) {
    return new SchemaRegistryException(
        "the registry's " + what, SchemaRegistryException.NOT_AVRO, cause);
  }

  private void parseReferenced(JsonNode reference, Map<String, Schema> known, int depth) {
    if (depth > MAX_REFERENCE_DEPTH) {
      throw notAvro("schema has a chain of more than 16 references", null);
    }
    if (known.containsKey(reference.path("name").asText())) {
      return;
    }
    String path =
        "/subjects/"
            + RestSchemaRegistry.encoded(reference.path("subject").asText())
            + "/versions/"
            + reference.path("version").asInt();
    var unused = parse(path, http.get(path), known, depth);
  }
}
