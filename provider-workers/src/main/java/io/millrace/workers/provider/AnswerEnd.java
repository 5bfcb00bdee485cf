package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Why an answer, or the stream of one, ended: in the words of the many that resemble OpenAI. */
final class AnswerEnd {

  private static final String REASON = "finish_reason";

  private AnswerEnd() {}

  /**
   * The part of an answer that says it failed: the whole with its {@code error}, or a choice that
   * has one or ended with {@code error} (OpenRouter, Mistral). Null where it did not fail.
   */
  static @Nullable JsonNode failed(JsonNode body) {
    if (body.hasNonNull("error")) {
      return body;
    }
    for (JsonNode choice : body.path("choices")) {
      if (choice.hasNonNull("error") || choice.path(REASON).asText("").equals("error")) {
        return choice;
      }
    }
    return null;
  }

  /** Mistral's word for an answer that filled the model's context. */
  static void settle(JsonNode body) {
    for (JsonNode choice : body.path("choices")) {
      if (choice instanceof ObjectNode ended
          && choice.path(REASON).asText("").equals("model_length")) {
        ended.put(REASON, "length");
      }
    }
  }
}
