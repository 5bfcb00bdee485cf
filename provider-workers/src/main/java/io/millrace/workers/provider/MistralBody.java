package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * What Mistral calls otherwise, or refuses: it answers 422 to any field that it does not know
 * ({@code extra_forbidden}), where others pass over it.
 */
final class MistralBody {

  /** Has nothing like it at Mistral, and the answer does not depend on it. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "user",
          "safety_identifier",
          "store",
          "service_tier",
          "verbosity",
          "logit_bias",
          "stream_options");

  private MistralBody() {}

  /** Changes a body of chat completions into one that Mistral takes. */
  static void adapt(ObjectNode body) {
    LEFT_OUT.forEach(body::remove);
    rename(body, "max_completion_tokens", "max_tokens");
    rename(body, "seed", "random_seed");
    for (JsonNode message : body.path("messages")) {
      if (message instanceof ObjectNode said && said.path("role").asText().equals("developer")) {
        said.put("role", "system");
      }
    }
  }

  /** Changes a body of embeddings likewise. */
  static void adaptEmbeddings(ObjectNode body) {
    LEFT_OUT.forEach(body::remove);
    rename(body, "dimensions", "output_dimension");
  }

  /** Gives a field another name, unless that is taken. */
  static void rename(ObjectNode body, String from, String to) {
    JsonNode value = body.remove(from);
    if (value != null && !body.has(to)) {
      body.set(to, value);
    }
  }
}
