package io.millrace.schemas.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Completion.Choice;
import io.millrace.plugin.model.Embeddings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer with embeddings. Servers that only resemble the original leave out {@code
 * model}, {@code usage} or an {@code index}: these read as empty, no tokens and the place in the
 * list.
 */
final class EmbeddingsAnswer {

  private static final String DATA = "data";
  private static final String INDEX = "index";
  private static final String OBJECT = "object";

  private EmbeddingsAnswer() {}

  static Completion read(JsonNode body) throws InvalidBodyException {
    Fields fields = Fields.of(body, "");
    String id = Objects.requireNonNullElse(fields.text("id"), "");
    String model = Objects.requireNonNullElse(fields.text("model"), "");
    long created = Objects.requireNonNullElse(fields.int64("created"), 0L);
    fields.required(DATA);
    List<Choice> choices = choices(fields.elements(DATA));
    return Embeddings.completionOf(
        id, model, created, choices, UsageFormat.read(fields.any(UsageFormat.NAME)));
  }

  static ObjectNode write(Completion completion, boolean base64) {
    ObjectNode body = JsonText.object().put(OBJECT, "list");
    ArrayNode data = body.putArray(DATA);
    for (Choice choice : completion.choices()) {
      ObjectNode entry = data.addObject().put(OBJECT, "embedding").put(INDEX, choice.index());
      String vector = Embeddings.base64(choice);
      if (base64) {
        entry.put(Embeddings.FIELD, vector);
      } else {
        ArrayNode numbers = entry.putArray(Embeddings.FIELD);
        for (float number : Embeddings.decoded(vector)) {
          numbers.add(number);
        }
      }
    }
    body.put("model", completion.model());
    body.putObject(UsageFormat.NAME)
        .put("prompt_tokens", completion.usage().promptTokens())
        .put("total_tokens", completion.usage().totalTokens());
    return body;
  }

  private static List<Choice> choices(Iterable<JsonNode> data) throws InvalidBodyException {
    List<Choice> choices = new ArrayList<>();
    for (JsonNode entry : data) {
      String path = DATA + "[" + choices.size() + "]";
      Fields fields = Fields.of(entry, path);
      int index = Objects.requireNonNullElse(fields.int32(INDEX), choices.size());
      choices.add(
          Embeddings.choice(
              index, base64(fields.required(Embeddings.FIELD), fields.path(Embeddings.FIELD))));
    }
    choices.sort(Comparator.comparingInt(Choice::index));
    for (int i = 0; i < choices.size(); i++) {
      if (choices.get(i).index() != i) {
        throw new InvalidBodyException(
            DATA + " must have each index from 0 once, lacks " + i, DATA);
      }
    }
    return choices;
  }

  private static String base64(JsonNode vector, String path) throws InvalidBodyException {
    @Nullable String text = vector.textValue();
    try {
      if (text != null) {
        return Embeddings.encoded(finite(Embeddings.decoded(text)));
      }
      if (!vector.isArray()) {
        throw Fields.wrongKind(path, "an array of numbers or a string in Base64", vector);
      }
      return Embeddings.encoded(finite(numbers(vector, path)));
    } catch (IllegalArgumentException e) {
      throw new InvalidBodyException(path + " is no vector: " + e.getMessage(), path);
    }
  }

  private static float[] numbers(JsonNode vector, String path) throws InvalidBodyException {
    float[] numbers = new float[vector.size()];
    for (int i = 0; i < numbers.length; i++) {
      JsonNode number = vector.get(i);
      if (!number.isNumber()) {
        throw Fields.wrongKind(path + "[" + i + "]", "a number", number);
      }
      numbers[i] = number.floatValue();
    }
    return numbers;
  }

  /** JSON has no infinity, so an answer with one could not be written. */
  private static float[] finite(float[] vector) {
    for (float number : vector) {
      if (!Float.isFinite(number)) {
        throw new IllegalArgumentException("it has a number that is not finite");
      }
    }
    return vector;
  }
}
