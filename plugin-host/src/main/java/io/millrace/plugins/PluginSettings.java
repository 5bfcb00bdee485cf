package io.millrace.plugins;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugins.schema.ConfigFault;
import io.millrace.plugins.schema.ConfigPath;
import io.millrace.plugins.schema.EnvTyping;
import io.millrace.plugins.schema.JsonSchema;
import io.millrace.plugins.schema.JsonSchema.Violation;
import io.millrace.plugins.schema.SchemaFaults;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A plugin's own settings, held to its schema.
 *
 * @param values with the schema's defaults; of no use when there are faults
 * @param faults every one, at its place in the file
 */
record PluginSettings(Map<String, Object> values, List<ConfigFault> faults) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> VALUES = new TypeReference<>() {};

  /**
   * Checks settings.
   *
   * @param path where in the file the settings stand
   * @param schema what they are held to; null takes them as they are
   * @param fromEnvironment paths below the settings whose values may have to become numbers
   * @throws PluginException when the schema itself is none
   */
  static PluginSettings check(
      String path,
      @Nullable String schema,
      Map<String, Object> written,
      Set<String> fromEnvironment) {
    if (schema == null) {
      return new PluginSettings(written, List.of());
    }
    JsonSchema parsed = parse(schema);
    ObjectNode tree = JSON.valueToTree(written);
    retype(parsed, tree, fromEnvironment);
    ObjectNode complete = parsed.withDefaults(tree);
    SchemaFaults words = new SchemaFaults(complete, path);
    List<ConfigFault> faults =
        parsed.violations(complete).stream().map(words::describe).distinct().toList();
    return new PluginSettings(JSON.convertValue(complete, VALUES), faults);
  }

  private static void retype(JsonSchema schema, ObjectNode tree, Set<String> fromEnvironment) {
    SchemaFaults places = new SchemaFaults(tree, ConfigPath.ROOT);
    for (Violation violation : schema.violations(tree)) {
      if (fromEnvironment.contains(places.path(violation.at()))) {
        EnvTyping.retype(tree, violation);
      }
    }
  }

  private static JsonSchema parse(String schema) {
    try {
      return JsonSchema.parse(schema);
    } catch (IllegalArgumentException e) {
      throw new PluginException("its configuration schema is " + e.getMessage(), e);
    }
  }
}
