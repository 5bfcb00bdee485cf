package io.millrace.schemas.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.Usage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tokens used. Providers say more than the model's four counts; then what they said is kept in the
 * completion's extra fields as well, and written back as long as nobody changed the counts.
 */
final class UsageFormat {

  static final String NAME = "usage";

  private static final String PROMPT_DETAILS = "prompt_tokens_details";
  private static final String COMPLETION_DETAILS = "completion_tokens_details";

  private UsageFormat() {}

  static Usage read(@Nullable JsonNode usage) throws InvalidBodyException {
    if (usage == null) {
      return Usage.NONE;
    }
    Fields fields = Fields.of(usage, NAME);
    return new Usage(
        count(fields, "prompt_tokens"),
        count(fields, "completion_tokens"),
        detail(fields, PROMPT_DETAILS, "cached_tokens"),
        detail(fields, COMPLETION_DETAILS, "reasoning_tokens"));
  }

  /** Keeps the object as it was sent, when the counts read from it do not say all of it. */
  static void keep(@Nullable JsonNode sent, Usage usage, Map<String, String> extra)
      throws InvalidBodyException {
    if (sent != null && !JsonText.same(sent, plain(usage))) {
      extra.put(NAME, JsonText.of(sent, NAME));
    }
  }

  static JsonNode write(Usage usage, Map<String, String> extra) {
    @Nullable String kept = extra.get(NAME);
    if (kept != null) {
      JsonNode sent = JsonText.tree(kept, NAME);
      if (stillSays(sent, usage)) {
        return sent;
      }
    }
    return plain(usage);
  }

  private static boolean stillSays(JsonNode sent, Usage usage) {
    try {
      return read(sent).equals(usage);
    } catch (InvalidBodyException e) {
      throw new IllegalArgumentException("extra field " + e.getMessage(), e);
    }
  }

  private static ObjectNode plain(Usage usage) {
    ObjectNode body =
        JsonText.object()
            .put("prompt_tokens", usage.promptTokens())
            .put("completion_tokens", usage.completionTokens())
            .put("total_tokens", usage.totalTokens());
    if (usage.cachedPromptTokens() > 0) {
      body.putObject(PROMPT_DETAILS).put("cached_tokens", usage.cachedPromptTokens());
    }
    if (usage.reasoningTokens() > 0) {
      body.putObject(COMPLETION_DETAILS).put("reasoning_tokens", usage.reasoningTokens());
    }
    return body;
  }

  private static long detail(Fields usage, String object, String name) throws InvalidBodyException {
    @Nullable Fields details = usage.object(object);
    return details == null ? 0 : count(details, name);
  }

  private static long count(Fields fields, String name) throws InvalidBodyException {
    @Nullable Long count = fields.int64(name);
    if (count != null && count < 0) {
      throw fields.fault(name, "must be at least 0, is " + count);
    }
    return count == null ? 0 : count;
  }
}
