package io.millrace.schemas.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Embeddings;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.model.RequestKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of a request for embeddings, and of its answer. */
final class EmbeddingsFormat {

  static final String INPUT = "input";

  private static final String ENCODING = "encoding_format";
  private static final String BASE64 = "base64";
  private static final String BASE64_JSON = '"' + BASE64 + '"';
  private static final String FLOAT = "float";
  private static final String TOKENS = "tokens";
  private static final String RIGHT_INPUT =
      "a string, an array of strings, an array of tokens, or an array of arrays of tokens";

  private EmbeddingsFormat() {}

  static CompletionRequest read(JsonNode body) throws InvalidBodyException {
    Fields fields = Fields.of(body, "");
    String model = fields.requiredText("model");
    if (model.isBlank()) {
      throw fields.fault("model", "must name a model, is blank");
    }
    List<Message> inputs = inputs(fields);
    checkEncoding(body.get(ENCODING));
    return CompletionRequest.of(model, "")
        .withMessages(inputs)
        .withExtra(fields.rest())
        .withKind(RequestKind.EMBEDDINGS);
  }

  /**
   * Writes a request body.
   *
   * @throws IllegalArgumentException naming the input that is neither text nor tokens
   */
  static ObjectNode write(CompletionRequest request) {
    ObjectNode body = JsonText.object().put("model", request.model());
    ArrayNode inputs = body.putArray(INPUT);
    for (Message input : Embeddings.inputs(request)) {
      write(inputs, input);
    }
    JsonText.addMissing(body, request.extra());
    return body;
  }

  /** Whether the vectors of the answer are wanted in Base64 rather than as numbers. */
  static boolean wantsBase64(Map<String, String> extra) {
    return BASE64_JSON.equals(extra.get(ENCODING));
  }

  private static List<Message> inputs(Fields fields) throws InvalidBodyException {
    JsonNode input = fields.required(INPUT);
    if (input.isTextual()) {
      return List.of(text(input, INPUT));
    }
    if (!input.isArray()) {
      throw Fields.wrongKind(INPUT, RIGHT_INPUT, input);
    }
    if (!input.isEmpty() && input.get(0).isNumber()) {
      return List.of(tokens(input, INPUT));
    }
    if (input.isEmpty() || input.size() > Embeddings.MAX_INPUTS) {
      throw fields.fault(
          INPUT, "must have 1 to %d inputs, has %d".formatted(Embeddings.MAX_INPUTS, input.size()));
    }
    List<Message> inputs = new ArrayList<>(input.size());
    boolean texts = input.get(0).isTextual();
    for (JsonNode one : input) {
      String path = INPUT + "[" + inputs.size() + "]";
      inputs.add(texts ? text(one, path) : tokens(one, path));
    }
    return inputs;
  }

  private static Message text(JsonNode input, String path) throws InvalidBodyException {
    String text = Fields.text(input, path);
    if (text.isEmpty()) {
      throw new InvalidBodyException(path + " must not be an empty string", path);
    }
    return Message.user(text);
  }

  /** The model has no place for tokens, so they stay JSON. */
  private static Message tokens(JsonNode input, String path) throws InvalidBodyException {
    if (!input.isArray()) {
      throw Fields.wrongKind(path, path.equals(INPUT) ? RIGHT_INPUT : "like the first", input);
    }
    if (input.isEmpty()) {
      throw new InvalidBodyException(path + " must have at least one token, is empty", path);
    }
    for (JsonNode token : input) {
      if (!token.canConvertToExactIntegral() || !token.canConvertToInt() || token.intValue() < 0) {
        throw Fields.wrongKind(path, "an array of tokens, whole numbers from 0", token);
      }
    }
    ObjectNode part = JsonText.object().put("type", Embeddings.TOKENS_PART);
    part.set(TOKENS, input);
    Content content = new Content.Parts(List.of(new Content.OtherPart(JsonText.of(part, path))));
    return new Message("user", content, null, List.of(), null, Map.of());
  }

  private static void checkEncoding(@Nullable JsonNode encoding) throws InvalidBodyException {
    if (encoding != null
        && !encoding.isNull()
        && !FLOAT.equals(encoding.textValue())
        && !BASE64.equals(encoding.textValue())) {
      throw Fields.wrongKind(ENCODING, "float or base64", encoding);
    }
  }

  private static void write(ArrayNode inputs, Message input) {
    @Nullable JsonNode tokens = tokensOf(input.content());
    if (tokens != null) {
      inputs.add(tokens);
    } else if (input.content() instanceof Content.Text
        || (input.content() instanceof Content.Parts parts && allText(parts))) {
      inputs.add(input.text());
    } else {
      throw new IllegalArgumentException(
          "%s[%d] must be a text or tokens".formatted(INPUT, inputs.size()));
    }
  }

  private static boolean allText(Content.Parts parts) {
    return parts.parts().stream().allMatch(part -> part instanceof Content.TextPart);
  }

  private static @Nullable JsonNode tokensOf(@Nullable Content content) {
    if (content instanceof Content.Parts parts
        && parts.parts().size() == 1
        && parts.parts().getFirst() instanceof Content.OtherPart(String json)) {
      JsonNode part = JsonText.tree(json, INPUT);
      return Embeddings.TOKENS_PART.equals(part.path("type").textValue()) && part.has(TOKENS)
          ? part.get(TOKENS)
          : null;
    }
    return null;
  }
}
