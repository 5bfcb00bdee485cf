package io.millrace.plugin.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.walk.WalkConfig;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sample configurations against a plugin's schema, as the host checks and completes them. */
final class SampleConfigs {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> VALUES = new TypeReference<>() {};

  private SampleConfigs() {}

  /** Fails where the schema is none, or refuses a sample. */
  static List<Map<String, Object>> complete(
      @Nullable String schema, List<Map<String, Object>> samples) {
    return samples.stream().map(sample -> complete(schema, sample)).toList();
  }

  private static Map<String, Object> complete(@Nullable String schema, Map<String, Object> sample) {
    if (schema == null) {
      return sample;
    }
    JsonNode document = parse(schema);
    assertEquals(List.of(), metaSchema().validate(document), "the schema is no JSON Schema");
    JsonNode tree = JSON.valueToTree(sample);
    Schema compiled =
        SchemaRegistry.withDefaultDialect(Dialects.getDraft202012()).getSchema(document);
    var result = compiled.walk(tree, true, SampleConfigs::applyDefaults);
    assertEquals(List.of(), result.getErrors(), "the schema refuses " + sample);
    return Map.copyOf(JSON.convertValue(tree, VALUES));
  }

  private static void applyDefaults(ExecutionContext context) {
    context.setWalkConfig(
        WalkConfig.builder()
            .applyDefaultsStrategy(strategy -> strategy.applyPropertyDefaults(true))
            .build());
  }

  private static JsonNode parse(String schema) {
    try {
      return JSON.readTree(schema);
    } catch (JsonProcessingException e) {
      return fail("the schema is no JSON: " + e.getOriginalMessage());
    }
  }

  private static Schema metaSchema() {
    return SchemaRegistry.withDefaultDialect(Dialects.getDraft202012())
        .getSchema(SchemaLocation.of(Dialects.getDraft202012().getId()));
  }
}
