package io.millrace.schemas.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.PipelineError;
import org.jspecify.annotations.Nullable;

/**
 * The OpenAI chat completions format, both ways and without loss. Fields without a place in the
 * model are kept as JSON text; fields with a place must have the right type. What counts as the
 * same: null and an absent field, no tools and an empty list, {@code stop} as a string and as a
 * list of one, {@code stream: false} and none. Thread-safe.
 */
public final class ChatCompletions {

  private ChatCompletions() {}

  /**
   * Parses a body. Use it rather than a mapper of your own: it keeps every digit of numbers, and
   * refuses repeated field names and whatever follows the value.
   *
   * @throws InvalidBodyException when the bytes are not one JSON value in UTF-8
   */
  public static JsonNode parse(byte[] body) throws InvalidBodyException {
    return JsonText.parse(body);
  }

  /**
   * Reads a request body.
   *
   * @throws InvalidBodyException naming the field that is wrong and what is right
   */
  public static CompletionRequest readRequest(JsonNode body) throws InvalidBodyException {
    return RequestFormat.read(body);
  }

  /**
   * Writes a request body.
   *
   * @throws IllegalArgumentException when a field that must hold JSON text does not
   */
  public static ObjectNode writeRequest(CompletionRequest request) {
    return RequestFormat.write(request);
  }

  /**
   * Checks the fields of a request that hold JSON text: a request that was not read by this class,
   * such as a foreign producer's Avro record, may have anything there.
   *
   * @throws InvalidBodyException naming the field that does not hold JSON
   */
  public static void checkJsonFields(CompletionRequest request) throws InvalidBodyException {
    try {
      RequestFormat.write(request);
    } catch (IllegalArgumentException e) {
      throw new InvalidBodyException(String.valueOf(e.getMessage()), null);
    }
  }

  /**
   * Reads a response body. Servers leave out {@code id} or {@code model}: then these are empty.
   *
   * @throws InvalidBodyException naming the field that is wrong
   */
  public static Completion readCompletion(JsonNode body) throws InvalidBodyException {
    return CompletionFormat.read(body);
  }

  /**
   * Writes a response body.
   *
   * @throws IllegalArgumentException when a field that must hold JSON text does not
   */
  public static ObjectNode writeCompletion(Completion completion) {
    return CompletionFormat.write(completion);
  }

  /** Writes an error body: {@code {"error":{"message","type","param","code"}}}. */
  public static ObjectNode writeError(PipelineError error) {
    return ErrorFormat.write(error, null);
  }

  /** Writes an error body that names the request field at fault; null when there is none. */
  public static ObjectNode writeError(PipelineError error, @Nullable String param) {
    return ErrorFormat.write(error, param);
  }
}
