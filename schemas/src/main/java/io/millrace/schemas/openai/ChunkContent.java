package io.millrace.schemas.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;

/** What a piece of a stream ({@code chat.completion.chunk}) has for its reader. Thread-safe. */
public final class ChunkContent {

  private static final String DELTA = "delta";
  private static final String ROLE = "role";

  /** Say where a choice belongs, or what a filter thought of nothing yet. */
  private static final Set<String> SHOWN_BY_NOBODY = Set.of("index", "content_filter_results");

  private ChunkContent() {}

  /**
   * Whether a piece shows nothing yet: no text, no call of a tool, no end, no usage; a role at
   * most. Many servers begin with one, before the model has said anything. What cannot be read is
   * taken to show something.
   */
  public static boolean isBare(String chunk) {
    try {
      JsonNode tree = JsonText.tree(chunk, "the chunk");
      JsonNode choices = tree.path("choices");
      if (!choices.isArray()
          || !isNothing(tree.path(UsageFormat.NAME))
          || !isNothing(tree.path("error"))) {
        return false;
      }
      for (JsonNode choice : choices) {
        if (!isBareChoice(choice)) {
          return false;
        }
      }
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isBareChoice(JsonNode choice) {
    for (Map.Entry<String, JsonNode> field : choice.properties()) {
      boolean bare =
          field.getKey().equals(DELTA)
              ? isBareDelta(field.getValue())
              : SHOWN_BY_NOBODY.contains(field.getKey()) || isNothing(field.getValue());
      if (!bare) {
        return false;
      }
    }
    return choice.isObject();
  }

  private static boolean isBareDelta(JsonNode delta) {
    for (Map.Entry<String, JsonNode> field : delta.properties()) {
      if (!field.getKey().equals(ROLE) && !isNothing(field.getValue())) {
        return false;
      }
    }
    return delta.isObject();
  }

  /** A value that says as little as one that is left out. */
  private static boolean isNothing(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || (value.isTextual() && value.textValue().isEmpty())
        || (value.isContainerNode() && value.isEmpty());
  }
}
