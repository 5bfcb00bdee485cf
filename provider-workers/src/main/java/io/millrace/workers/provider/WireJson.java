package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** JSON text that a request keeps, as a tree. */
final class WireJson {

  private WireJson() {}

  /**
   * The tree of a text; a missing node where there is none.
   *
   * @throws IllegalArgumentException when it is not JSON; the message names the field
   */
  static JsonNode read(@Nullable String text, String name) {
    if (text == null) {
      return MissingNode.getInstance();
    }
    try {
      return ChatCompletions.parse(text.getBytes(StandardCharsets.UTF_8));
    } catch (InvalidBodyException e) {
      throw new IllegalArgumentException(
          name
              + " must hold JSON text: "
              + String.valueOf(e.getMessage()).replace("the body", "it"),
          e);
    }
  }
}
