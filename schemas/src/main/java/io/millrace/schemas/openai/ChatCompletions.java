package io.millrace.schemas.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.PipelineError;

/** The OpenAI chat completions format, both ways and without loss. */
public final class ChatCompletions {

  private ChatCompletions() {}

  /**
   * Reads a request body.
   *
   * @throws InvalidBodyException naming the field that is wrong and what is right
   */
  public static CompletionRequest readRequest(JsonNode body) throws InvalidBodyException {
    throw new UnsupportedOperationException();
  }

  /** Writes a request body. */
  public static ObjectNode writeRequest(CompletionRequest request) {
    throw new UnsupportedOperationException();
  }

  /**
   * Reads a response body.
   *
   * @throws InvalidBodyException naming the field that is wrong
   */
  public static Completion readCompletion(JsonNode body) throws InvalidBodyException {
    throw new UnsupportedOperationException();
  }

  /** Writes a response body. */
  public static ObjectNode writeCompletion(Completion completion) {
    throw new UnsupportedOperationException();
  }

  /** Writes an error body: {@code {"error":{"message","type","param","code"}}}. */
  public static ObjectNode writeError(PipelineError error) {
    throw new UnsupportedOperationException();
  }
}
