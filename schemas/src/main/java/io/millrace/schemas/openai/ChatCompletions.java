package io.millrace.schemas.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Embeddings;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.RequestKind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The OpenAI chat completions format, both ways and without loss, and the one of embeddings. Fields
 * without a place in the model are kept as JSON text; fields with a place must have the right type.
 * What counts as the same: null and an absent field, no tools and an empty list, {@code stop} as a
 * string and as a list of one, {@code stream: false} and none. Thread-safe.
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
   * Reads a request body of embeddings: an {@code input} of one text, several texts, the tokens of
   * one or of several.
   *
   * @throws InvalidBodyException naming the field that is wrong and what is right
   */
  public static CompletionRequest readEmbeddings(JsonNode body) throws InvalidBodyException {
    return EmbeddingsFormat.read(body);
  }

  /**
   * Reads a request body of a kind.
   *
   * @throws InvalidBodyException naming the field that is wrong and what is right
   */
  public static CompletionRequest readRequest(JsonNode body, RequestKind kind)
      throws InvalidBodyException {
    return switch (kind) {
      case CHAT -> readRequest(body);
      case EMBEDDINGS -> readEmbeddings(body);
    };
  }

  /**
   * Writes a request body, in the form of the request's kind.
   *
   * @throws IllegalArgumentException when a field that must hold JSON text does not, or an input to
   *     embed is neither text nor tokens
   */
  public static ObjectNode writeRequest(CompletionRequest request) {
    return switch (request.kind()) {
      case CHAT -> RequestFormat.write(request);
      case EMBEDDINGS -> EmbeddingsFormat.write(request);
    };
  }

  /**
   * Checks the fields of a request that hold JSON text: a request that was not read by this class,
   * such as a foreign producer's Avro record, may have anything there.
   *
   * @throws InvalidBodyException naming the field that does not hold JSON
   */
  public static void checkJsonFields(CompletionRequest request) throws InvalidBodyException {
    try {
      writeRequest(request);
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
   * Reads a response body of embeddings, vectors as numbers or as Base64.
   *
   * @throws InvalidBodyException naming the field that is wrong
   */
  public static Completion readVectors(JsonNode body) throws InvalidBodyException {
    return EmbeddingsAnswer.read(body);
  }

  /**
   * Writes a response body: of a chat, or of embeddings with vectors as numbers.
   *
   * @throws IllegalArgumentException when a field that must hold JSON text does not
   */
  public static ObjectNode writeCompletion(Completion completion) {
    return writeCompletion(completion, false);
  }

  /**
   * Writes a response body.
   *
   * @param base64 whether vectors are written in Base64 rather than as numbers
   * @throws IllegalArgumentException when a field that must hold JSON text does not
   */
  public static ObjectNode writeCompletion(Completion completion, boolean base64) {
    return Embeddings.in(completion)
        ? EmbeddingsAnswer.write(completion, base64)
        : CompletionFormat.write(completion);
  }

  /** Whether a request with these extra parameters wants its vectors in Base64. */
  public static boolean wantsBase64(Map<String, String> extra) {
    return EmbeddingsFormat.wantsBase64(extra);
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
