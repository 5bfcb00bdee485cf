package io.millrace.launcher.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugins.schema.ConfigFault;
import io.millrace.plugins.schema.ConfigPath;
import io.millrace.plugins.schema.Suggestion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a JSON Schema cannot say: how one setting fits another. */
final class ConfigChecks {

  private static final Duration MAX_DRAIN = Duration.ofHours(1);

  private final ObjectNode effective;
  private final List<ConfigFault> faults = new ArrayList<>();

  /** Checks of a tree that keeps to the schema and has its defaults. */
  ConfigChecks(ObjectNode effective) {
    this.effective = effective;
  }

  List<ConfigFault> faults() {
    checkProviders();
    checkPlugins();
    faults.addAll(new RoutingChecks(effective).faults());
    checkTimeouts();
    checkDrain();
    faults.addAll(new AuthChecks(effective).faults());
    checkErrorRate();
    return faults;
  }

  private void checkProviders() {
    List<String> names = names(effective.path("providers"));
    if (names.isEmpty()) {
      fault("providers", "names nobody: add one, or leave the section out for the simulated one");
      return;
    }
    for (String name : names) {
      if (!name.matches("[a-z0-9][a-z0-9_-]{0,63}")) {
        fault(
            "providers." + name,
            "is no provider name: lower case letters, digits, - and _; it is part of topic names");
      }
      checkProvider("providers." + name, effective.path("providers").path(name));
    }
    checkDefaultProvider(names);
  }

  private void checkProvider(String path, JsonNode provider) {
    String type = provider.path("type").asText();
    if (ProviderKeys.BUILT_IN_TYPES.contains(type) && provider.has("settings")) {
      fault(path + ".settings", "is for types that plugins bring, this one is " + type);
    }
    checkOwnKeys(path, provider, type);
    checkKeysThere(path, provider, type);
    checkKeyNames(path, provider.path("keys"));
    checkBackoff(path + ".retries", provider.path("retries"));
    faults.addAll(new CallChecks(path, provider).faults());
  }

  private void checkOwnKeys(String path, JsonNode provider, String type) {
    for (String key : names(provider)) {
      List<String> owners = ProviderKeys.typesFor(key);
      if (!owners.isEmpty() && !owners.contains(type)) {
        fault(
            ConfigPath.member(path, key),
            "is for providers of type %s, this one is %s: remove it"
                .formatted(String.join(", ", owners), type));
      }
    }
  }

  private void checkKeysThere(String path, JsonNode provider, String type) {
    boolean keyless = provider.path("keys").isEmpty();
    if (type.equals(ProviderSection.SIMULATED) && !keyless) {
      fault(path + ".keys", "is of no use to a simulated provider: remove it, or change type");
    }
    if (type.equals("azure") && !provider.has("base_url")) {
      fault(
          path + ".base_url", "is missing: set the resource's, like https://NAME.openai.azure.com");
    } else if (keyless && !provider.has("base_url")) {
      KeyVariables.of(type)
          .ifPresent(
              variable ->
                  fault(
                      path + ".keys",
                      "is empty: add {value: env.%s}, or the base_url of a server that needs none"
                          .formatted(variable)));
    }
    if (type.equals("engine") && provider.path("model_files").isEmpty()) {
      fault(path + ".model_files", "is missing: name a model, with path or resource");
    }
  }

  private void checkKeyNames(String path, JsonNode keys) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < keys.size(); i++) {
      String name = keys.get(i).path("name").asText("key-" + (i + 1));
      if (!seen.add(name)) {
        fault(path + ".keys[%d].name".formatted(i), "'" + name + "' is there twice: rename one");
      }
    }
  }

  private void checkBackoff(String path, JsonNode retries) {
    if (duration(retries, "initial_backoff").compareTo(duration(retries, "max_backoff")) > 0) {
      fault(path + ".initial_backoff", "is longer than max_backoff: lower it, or raise that");
    }
  }

  private static Duration duration(JsonNode section, String key) {
    return DurationText.parse(section.path(key).asText());
  }

  private void checkDefaultProvider(List<String> names) {
    String chosen = effective.path("requests").path("default_provider").asText();
    if (!names.contains(chosen)) {
      fault(
          "requests.default_provider",
          "'%s' is not under providers; %s".formatted(chosen, Suggestion.of(chosen, names)));
    } else if (!enabled(chosen)) {
      fault(
          "requests.default_provider",
          "'%s' is switched off: set providers.%s.enabled, or name another"
              .formatted(chosen, chosen));
    }
  }

  private boolean enabled(String provider) {
    return effective.path("providers").path(provider).path("enabled").asBoolean(true);
  }

  private void checkPlugins() {
    Set<String> seen = new HashSet<>();
    JsonNode plugins = effective.path("plugins");
    for (int i = 0; i < plugins.size(); i++) {
      String name = plugins.get(i).path("name").asText();
      if (!seen.add(name)) {
        fault("plugins[%d].name".formatted(i), "'" + name + "' is there twice: remove one");
      }
    }
  }

  private void checkTimeouts() {
    JsonNode requests = effective.path("requests");
    Duration normal = duration(requests, "default_timeout");
    Duration longest = duration(requests, "max_timeout");
    if (normal.compareTo(longest) > 0) {
      fault(
          "requests.default_timeout",
          "is longer than requests.max_timeout (%s): lower it, or raise that"
              .formatted(requests.path("max_timeout").asText()));
    }
  }

  private void checkDrain() {
    if (duration(effective.path("workers"), "drain_timeout").compareTo(MAX_DRAIN) > 0) {
      fault("workers.drain_timeout", "is longer than 1h: nobody waits that long for a stop");
    }
  }

  private void checkErrorRate() {
    JsonNode rate = effective.path("analytics").path("error_rate");
    if (rate.path("warning").asDouble() > rate.path("critical").asDouble()) {
      fault("analytics.error_rate.warning", "is above critical: a warning comes first");
    }
    if (duration(effective.path("analytics"), "grace").compareTo(Duration.ofMinutes(10)) > 0) {
      fault("analytics.grace", "must be at most 10m");
    }
  }

  private void fault(String path, String message) {
    faults.add(new ConfigFault(path, message));
  }

  private static List<String> names(JsonNode section) {
    List<String> names = new ArrayList<>();
    section.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
