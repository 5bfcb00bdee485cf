package io.millrace.launcher.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugins.schema.ConfigFault;
import io.millrace.plugins.schema.ConfigPath;
import io.millrace.plugins.schema.Suggestion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a JSON Schema cannot say about models, aliases, fallbacks and health. */
final class RoutingChecks {

  private static final Duration LONGEST_RETRY = Duration.ofMinutes(10);

  /** Azure lists what could be deployed, not what is; text generation has no list. */
  private static final Set<String> UNLISTED = Set.of("azure", "text_generation");

  private final ObjectNode effective;
  private final List<String> providers = new ArrayList<>();
  private final List<ConfigFault> faults = new ArrayList<>();

  RoutingChecks(ObjectNode effective) {
    this.effective = effective;
    effective.path("providers").fieldNames().forEachRemaining(providers::add);
  }

  List<ConfigFault> faults() {
    checkModels();
    checkAliases();
    checkFallbacks();
    checkHealth();
    return faults;
  }

  private void checkModels() {
    effective
        .path("providers")
        .forEachEntry(
            (name, provider) -> {
              Set<String> seen = new HashSet<>();
              JsonNode models = provider.path("models");
              for (int i = 0; i < models.size(); i++) {
                JsonNode model = models.get(i);
                String modelName = model.isObject() ? model.path("name").asText() : model.asText();
                if (!seen.add(modelName)) {
                  fault(
                      ConfigPath.member("providers", name) + ".models[%d]".formatted(i),
                      "'" + modelName + "' is there twice: remove one");
                }
              }
              checkDiscovery(ConfigPath.member("providers", name), provider);
            });
  }

  private void checkDiscovery(String path, JsonNode provider) {
    if (provider.path("discover_models").asBoolean() && UNLISTED.contains(kindOf(provider))) {
      fault(
          path + ".discover_models",
          "cannot be had from %s: list the names under models".formatted(kindOf(provider)));
    }
  }

  private static String kindOf(JsonNode provider) {
    return provider.path("api").asText(provider.path("type").asText());
  }

  private void checkAliases() {
    effective
        .path("models")
        .path("aliases")
        .forEachEntry(
            (alias, said) -> {
              String path = ConfigPath.member("models.aliases", alias);
              if (said.isTextual()) {
                checkProvider(path, said.asText());
              }
              checkTargets(path, said.isArray() ? said : MissingNode.getInstance());
              checkTargets(path + ".models", said.path("models"));
              if (said.has("settings") && !said.has("strategy")) {
                fault(path + ".settings", "is for the alias's own strategy: name it, too");
              }
            });
  }

  private void checkTargets(String path, JsonNode targets) {
    for (int i = 0; i < targets.size(); i++) {
      checkProvider(path + "[%d]".formatted(i), targets.get(i).asText());
    }
  }

  private void checkFallbacks() {
    effective
        .path("routing")
        .path("fallbacks")
        .forEachEntry(
            (pattern, targets) -> {
              for (int i = 0; i < targets.size(); i++) {
                // A name without a slash is a bare model or an alias.
                if (targets.get(i).asText().indexOf('/') > 0) {
                  checkProvider(
                      ConfigPath.member("routing.fallbacks", pattern) + "[%d]".formatted(i),
                      targets.get(i).asText());
                }
              }
            });
  }

  private void checkProvider(String path, String target) {
    String provider = target.substring(0, target.indexOf('/'));
    if (!providers.contains(provider)) {
      fault(
          path,
          "'%s' is not under providers; %s"
              .formatted(provider, Suggestion.of(provider, providers)));
    }
  }

  private void checkHealth() {
    JsonNode health = effective.path("health");
    if (health.path("down_below").asDouble() > health.path("degraded_below").asDouble()) {
      fault("health.down_below", "is above degraded_below: a model degrades before it is down");
    }
    if (DurationText.parse(health.path("retry_after").asText()).compareTo(LONGEST_RETRY) > 0) {
      fault("health.retry_after", "must be at most 10m: after 15m news of a model is too old");
    }
    for (String key :
        List.of(
            "down_after", "step", "retry_after", "idle_after", "probe_interval", "probe_timeout")) {
      if (DurationText.parse(health.path(key).asText()).toMillis() < 1) {
        fault("health." + key, "must be more than 0");
      }
    }
  }

  private void fault(String path, String message) {
    faults.add(new ConfigFault(path, message));
  }
}
