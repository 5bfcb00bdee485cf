package io.millrace.launcher.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The environment variables that hold keys of providers, by the names their makers gave them. */
final class KeyVariables {

  private static final Map<String, String> BY_TYPE =
      Map.of(
          "openai", "OPENAI_API_KEY",
          "anthropic", "ANTHROPIC_API_KEY",
          "huggingface", "HF_TOKEN",
          "azure", "AZURE_OPENAI_API_KEY",
          "groq", "GROQ_API_KEY",
          "mistral", "MISTRAL_API_KEY",
          "openrouter", "OPENROUTER_API_KEY");

  /** Those that enable a provider where no file says which there are, in this order. */
  private static final List<String> WITHOUT_FILE = List.of("openai", "anthropic", "huggingface");

  private KeyVariables() {}

  /** The variable of a type; empty for a type whose servers need no key. */
  static Optional<String> of(String type) {
    return Optional.ofNullable(BY_TYPE.get(type));
  }

  /** Adds a provider for every variable that is set. */
  static void addProviders(ObjectNode providers, Map<String, String> environment) {
    for (String type : WITHOUT_FILE) {
      String variable = BY_TYPE.getOrDefault(type, "");
      String key = environment.getOrDefault(variable, "");
      if (!key.isEmpty()) {
        ObjectNode provider = providers.putObject(type).put("type", type);
        provider.putArray("keys").addObject().put("name", variable).put("value", key);
      }
    }
  }
}
