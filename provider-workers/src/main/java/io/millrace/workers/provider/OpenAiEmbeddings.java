package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Embeddings;
import io.millrace.plugin.provider.ProviderRequest;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.time.InstantSource;

/**
 * Embeddings in the OpenAI format: what is posted to {@code /embeddings}, and what an answer with
 * status 200 means. Vectors are asked for in Base64, which is a quarter of the digits; servers that
 * send numbers all the same are understood.
 */
final class OpenAiEmbeddings {

  private OpenAiEmbeddings() {}

  /** The body to send. */
  static ObjectNode body(ProviderRequest request) {
    ObjectNode body = ChatCompletions.writeRequest(request.request());
    body.put("model", request.model());
    body.put("encoding_format", "base64");
    return body;
  }

  /**
   * The answer in a body.
   *
   * @throws InvalidBodyException when it is none, or has not one vector for each input
   */
  static Completion read(JsonNode body, ProviderRequest request, InstantSource clock)
      throws InvalidBodyException {
    Completion answer = ChatCompletions.readVectors(body);
    int inputs = Embeddings.inputs(request.request()).size();
    if (answer.choices().size() != inputs) {
      throw new InvalidBodyException(
          "data must have a vector for each of %d inputs, has %d"
              .formatted(inputs, answer.choices().size()),
          "data");
    }
    return Embeddings.completionOf(
        answer.id().isEmpty() ? request.callId() : answer.id(),
        answer.model().isEmpty() ? request.model() : answer.model(),
        answer.createdSeconds() == 0 ? clock.instant().getEpochSecond() : answer.createdSeconds(),
        answer.choices(),
        answer.usage());
  }
}
