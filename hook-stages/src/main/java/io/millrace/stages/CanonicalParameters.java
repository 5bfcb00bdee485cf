package io.millrace.stages;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.RequestKind;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The parameters of a request that bear upon the answer, by name, each as canonical text. What
 * stands at the interface's default is left out, and so is what only says who asks, how the answer
 * is sent and where it is kept.
 */
final class CanonicalParameters {

  private static final Set<String> NO_MATTER =
      Set.of(
          "user",
          "metadata",
          "store",
          "service_tier",
          "stream",
          "stream_options",
          "safety_identifier",
          "prompt_cache_key",
          "prompt_cache_retention");

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "temperature", CanonicalText.of(1),
          "top_p", CanonicalText.of(1),
          "n", CanonicalText.of(1),
          "presence_penalty", CanonicalText.of(0),
          "frequency_penalty", CanonicalText.of(0),
          "logprobs", "f",
          "logit_bias", CanonicalText.ofJson("{}"),
          "parallel_tool_calls", CanonicalText.TRUE,
          "modalities", CanonicalText.ofJson("[\"text\"]"),
          "response_format", CanonicalText.ofJson("{\"type\":\"text\"}"));

  /** How vectors are written for the caller; kept answers have them in a form of their own. */
  private static final String ENCODING_FORMAT = "encoding_format";

  private static final String AUTO = CanonicalText.ofJson("\"auto\"");
  private static final String NONE = CanonicalText.ofJson("\"none\"");

  private final Map<String, String> values = new TreeMap<>();

  private CanonicalParameters() {}

  static Map<String, String> of(CompletionRequest request) {
    CanonicalParameters parameters = new CanonicalParameters();
    parameters.addFields(request);
    parameters.addExtra(request.extra());
    parameters.dropDefaults(request.tools().isEmpty());
    if (request.kind() == RequestKind.EMBEDDINGS) {
      parameters.values.remove(ENCODING_FORMAT);
    }
    return parameters.values;
  }

  private void addFields(CompletionRequest request) {
    if (request.toolChoiceJson() != null) {
      values.put("tool_choice", CanonicalText.ofJson(request.toolChoiceJson()));
    }
    if (request.responseFormatJson() != null) {
      values.put("response_format", CanonicalText.ofJson(request.responseFormatJson()));
    }
    if (request.temperature() != null) {
      values.put("temperature", CanonicalText.of(request.temperature()));
    }
    if (request.topP() != null) {
      values.put("top_p", CanonicalText.of(request.topP()));
    }
    if (request.maxTokens() != null) {
      values.put("max_tokens", CanonicalText.of(request.maxTokens()));
    }
    if (request.seed() != null) {
      values.put("seed", CanonicalText.of(request.seed()));
    }
    if (!request.stop().isEmpty()) {
      values.put("stop", CanonicalText.of(request.stop()));
    }
  }

  /** As on the way to a provider, a field of its own counts before an extra one of its name. */
  private void addExtra(Map<String, String> extra) {
    extra.forEach(
        (name, json) -> {
          if (!NO_MATTER.contains(name) && !values.containsKey(name)) {
            values.put(name, CanonicalText.ofJson(json));
          }
        });
  }

  private void dropDefaults(boolean noTools) {
    values
        .entrySet()
        .removeIf(
            parameter ->
                parameter.getValue().equals(CanonicalText.NULL)
                    || parameter.getValue().equals(DEFAULTS.get(parameter.getKey())));
    values.remove("tool_choice", noTools ? NONE : AUTO);
  }
}
