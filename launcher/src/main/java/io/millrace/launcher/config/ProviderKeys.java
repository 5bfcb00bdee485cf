package io.millrace.launcher.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which keys of a provider only some types know; the schema marks them. */
public final class ProviderKeys {

  /** The types that come with Millrace. */
  public static final List<String> BUILT_IN_TYPES =
      List.of(
          "simulated",
          "openai",
          "anthropic",
          "huggingface",
          "azure",
          "groq",
          "mistral",
          "openrouter",
          "vllm",
          "ollama",
          "llamacpp",
          "engine");

  private static final String MODEL_FILES = "model_files";

  /** Stands in the schema for every type that is called over HTTP. */
  private static final String HTTP = "http";

  /** Those that are not called over HTTP. */
  private static final Set<String> IN_PROCESS = Set.of(ProviderSection.SIMULATED, "engine");

  private static final List<String> HTTP_TYPES =
      BUILT_IN_TYPES.stream().filter(type -> !IN_PROCESS.contains(type)).toList();

  private static final JsonNode KEYS =
      ConfigSchema.load().document().at("/$defs/provider/properties");

  private ProviderKeys() {}

  /** The types a key belongs to; empty for a key that all types know. */
  static List<String> typesFor(String key) {
    String only = KEYS.path(key).path(ConfigSchema.ONLY_FOR).asText("");
    return switch (only) {
      case "" -> List.of();
      case HTTP -> HTTP_TYPES;
      default -> List.of(only);
    };
  }

  /** Moves the keys of a provider's own type below {@code settings}, where the record has them. */
  static void gather(ObjectNode provider) {
    ObjectNode settings = provider.withObjectProperty("settings");
    List<String> names = new ArrayList<>();
    provider.fieldNames().forEachRemaining(names::add);
    names.stream()
        .filter(name -> !typesFor(name).isEmpty())
        .forEach(name -> settings.set(name, provider.remove(name)));
    nameModels(provider, settings.path(MODEL_FILES));
  }

  /** Models in this process are known by their files; who lists them as well is believed. */
  private static void nameModels(ObjectNode provider, JsonNode files) {
    if (!files.isEmpty() && provider.path("models").isEmpty()) {
      files.fieldNames().forEachRemaining(provider.putArray("models")::add);
    }
  }
}
