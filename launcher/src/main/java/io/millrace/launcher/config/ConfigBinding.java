package io.millrace.launcher.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugins.schema.ConfigPath;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Binds a tree that passed every check to the records. */
final class ConfigBinding {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addModule(new SimpleModule().addDeserializer(Duration.class, new DurationDeserializer()))
          .build();

  private ConfigBinding() {}

  /** Binds; the substitution knows which of the plugins' settings came from variables. */
  static MillraceConfig bind(ObjectNode effective, EnvSubstitution substitution) {
    ObjectNode shaped = effective.deepCopy();
    shaped
        .path("providers")
        .forEach(
            provider -> {
              ProviderKeys.gather((ObjectNode) provider);
              gatherModels((ObjectNode) provider);
            });
    gatherAliases((ObjectNode) shaped.path("models"));
    markVariables(shaped.path("plugins"), substitution);
    try {
      return MAPPER.treeToValue(shaped, MillraceConfig.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the schema and the records disagree", e);
    }
  }

  /** Models are listed by name or with what is known of them; records have the two apart. */
  private static void gatherModels(ObjectNode provider) {
    ArrayNode names = JsonNodeFactory.instance.arrayNode();
    ObjectNode infos = provider.putObject("model_infos");
    provider
        .path("models")
        .forEach(
            model -> {
              names.add(model.isObject() ? model.path("name") : model);
              if (model.isObject()) {
                infos.set(model.path("name").asText(), model);
              }
            });
    provider.set("models", names);
  }

  /** An alias is a target, several, or these with a strategy; records have the two apart. */
  private static void gatherAliases(ObjectNode models) {
    ObjectNode aliases = (ObjectNode) models.path("aliases");
    ObjectNode strategies = models.putObject("alias_strategies");
    List<String> names = new ArrayList<>();
    aliases.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      JsonNode alias = aliases.path(name);
      if (alias.isTextual()) {
        aliases.putArray(name).add(alias);
      } else if (alias.isObject()) {
        aliases.set(name, alias.path("models"));
        if (alias.has("strategy")) {
          ObjectNode strategy = strategies.putObject(name);
          strategy.set("strategy", alias.path("strategy"));
          strategy.set("settings", ((ObjectNode) alias).withObjectProperty("settings"));
        }
      }
    }
  }

  private static void markVariables(JsonNode plugins, EnvSubstitution substitution) {
    for (int i = 0; i < plugins.size(); i++) {
      String config = ConfigPath.member(ConfigPath.element("plugins", i), "config");
      ArrayNode marked = ((ObjectNode) plugins.get(i)).putArray("from_environment");
      substitution.replacedBelow(config).forEach(marked::add);
    }
  }

  private static final class DurationDeserializer extends StdScalarDeserializer<Duration> {

    private static final long serialVersionUID = 1L;

    DurationDeserializer() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return DurationText.parse(parser.getText());
    }
  }
}
