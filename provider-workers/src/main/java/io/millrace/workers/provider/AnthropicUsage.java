package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/**
 * Tokens used, as a chat completion counts them: the prompt's include those read from a cache and
 * those written to it. Everything else is kept under its own name.
 */
final class AnthropicUsage {

  private static final String READ = "cache_read_input_tokens";
  private static final String WRITTEN = "cache_creation_input_tokens";
  private static final Set<String> TRANSLATED = Set.of("input_tokens", "output_tokens");

  private AnthropicUsage() {}

  static ObjectNode translate(JsonNode usage) {
    long cached = count(usage.path(READ));
    long prompt = count(usage.path("input_tokens")) + cached + count(usage.path(WRITTEN));
    long completion = count(usage.path("output_tokens"));
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("prompt_tokens", prompt);
    body.put("completion_tokens", completion).put("total_tokens", prompt + completion);
    if (cached > 0) {
      body.putObject("prompt_tokens_details").put("cached_tokens", cached);
    }
    long thinking = count(usage.at("/output_tokens_details/thinking_tokens"));
    if (thinking > 0) {
      body.putObject("completion_tokens_details").put("reasoning_tokens", thinking);
    }
    for (Map.Entry<String, JsonNode> field : usage.properties()) {
      if (!TRANSLATED.contains(field.getKey()) && !field.getValue().isNull()) {
        body.set(field.getKey(), field.getValue());
      }
    }
    return body;
  }

  private static long count(JsonNode tokens) {
    return tokens.canConvertToLong() ? Math.max(0, tokens.asLong()) : 0;
  }
}
