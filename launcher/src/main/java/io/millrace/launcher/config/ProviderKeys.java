package io.millrace.launcher.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which keys of a provider only its type knows; the schema marks them. */
public final class ProviderKeys {

  /** The types that come with Millrace. */
  public static final List<String> BUILT_IN_TYPES = List.of("simulated", "openai", "engine");

  private static final String MODEL_FILES = "model_files";

  private static final JsonNode KEYS =
      ConfigSchema.load().document().at("/$defs/provider/properties");

  private ProviderKeys() {}

  /** The type a key belongs to; empty for a key that all types know. */
  static Optional<String> onlyFor(String key) {
    return Optional.ofNullable(KEYS.path(key).path(ConfigSchema.ONLY_FOR).textValue());
  }

  /** Moves the keys of a provider's own type below {@code settings}, where the record has them. */
  static void gather(ObjectNode provider) {
    ObjectNode settings = provider.withObjectProperty("settings");
    List<String> names = new ArrayList<>();
    provider.fieldNames().forEachRemaining(names::add);
    names.stream()
        .filter(name -> onlyFor(name).isPresent())
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
