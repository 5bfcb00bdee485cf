package io.millrace.launcher.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What lies under the settings of a file: the profile's settings, and the providers that need no
 * file.
 */
final class Profiles {

  private static final String RESOURCE = "profiles.yaml";
  private static final String DEFAULT_PROFILE = "development";
  private static final String DEFAULT_PROVIDER = "default_provider";
  private static final String PROVIDERS = "providers";
  private static final ObjectMapper YAML = new YAMLMapper();

  private Profiles() {}

  /** The settings over those of their profile. */
  static ObjectNode under(ObjectNode settings, Map<String, String> environment) {
    String profile = settings.path("profile").asText(DEFAULT_PROFILE);
    ObjectNode merged = (ObjectNode) read().path(profile).deepCopy();
    merge(merged, settings);
    if (!merged.has(PROVIDERS)) {
      merged.set(PROVIDERS, providersWithoutFile(environment));
    }
    nameDefaultProvider(merged);
    return merged;
  }

  private static void merge(ObjectNode target, ObjectNode over) {
    over.forEachEntry(
        (name, value) -> {
          if (target.get(name) instanceof ObjectNode inner && value instanceof ObjectNode section) {
            merge(inner, section);
          } else {
            target.set(name, value.deepCopy());
          }
        });
  }

  private static void nameDefaultProvider(ObjectNode merged) {
    ObjectNode requests = merged.withObjectProperty("requests");
    if (!requests.has(DEFAULT_PROVIDER)) {
      firstEnabled(merged.path(PROVIDERS))
          .ifPresent(provider -> requests.put(DEFAULT_PROVIDER, provider));
    }
  }

  /** The first that takes part; the first of all where none does, so that checks speak of it. */
  private static Optional<String> firstEnabled(JsonNode providers) {
    List<String> names = new ArrayList<>();
    providers.fieldNames().forEachRemaining(names::add);
    return names.stream()
        .filter(name -> providers.path(name).path("enabled").asBoolean(true))
        .findFirst()
        .or(() -> names.stream().findFirst());
  }

  private static ObjectNode providersWithoutFile(Map<String, String> environment) {
    ObjectNode providers = JsonNodeFactory.instance.objectNode();
    providers.putObject("simulated").put("type", "simulated");
    KeyVariables.addProviders(providers, environment);
    return providers;
  }

  private static JsonNode read() {
    try (InputStream in =
        Objects.requireNonNull(Profiles.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      return YAML.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
  }
}
