package io.millrace.plugin.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Embeddings in the shape of the pipeline. A request of kind {@link RequestKind#EMBEDDINGS} has one
 * user message for each input. Its answer is a {@link Completion} with one choice for each input,
 * in the same order; the choice says nothing, and its {@code extra} has the vector under {@value
 * #FIELD}: 32-bit floats, little end first, in Base64, as JSON text. Thread-safe.
 */
public final class Embeddings {

  /** Where a choice keeps its vector. */
  public static final String FIELD = "embedding";

  /** The {@code type} of a part that holds an input in tokens, under {@code tokens}. */
  public static final String TOKENS_PART = "input_tokens";

  /** The most inputs of one request. */
  public static final int MAX_INPUTS = 2_048;

  /** The most numbers of one vector. */
  public static final int MAX_DIMENSIONS = 65_536;

  private static final String OBJECT = "object";
  private static final String LIST = "\"list\"";
  private static final String FINISHED = "stop";

  private Embeddings() {}

  /** A request for the vectors of texts. */
  public static CompletionRequest request(String model, List<String> texts) {
    return CompletionRequest.of(model, "")
        .withMessages(texts.stream().map(Message::user).toList())
        .withKind(RequestKind.EMBEDDINGS);
  }

  /** The inputs of a request, in order: its user messages. */
  public static List<Message> inputs(CompletionRequest request) {
    return request.messages().stream().filter(message -> message.role().equals("user")).toList();
  }

  /**
   * The inputs of a request as texts.
   *
   * @throws IllegalArgumentException naming the input that is given in tokens, or otherwise not as
   *     text
   */
  public static List<String> texts(CompletionRequest request) {
    List<Message> inputs = inputs(request);
    List<String> texts = new ArrayList<>(inputs.size());
    for (Message input : inputs) {
      if (!isText(input.content())) {
        throw new IllegalArgumentException(
            "input[%d] is not a text: this model has a tokenizer of its own and takes texts only"
                .formatted(texts.size()));
      }
      texts.add(input.text());
    }
    return texts;
  }

  /** An answer with one vector for each input. */
  public static Completion completion(
      String id, String model, long createdSeconds, List<float[]> vectors, Usage usage) {
    List<Completion.Choice> choices = new ArrayList<>(vectors.size());
    for (float[] vector : vectors) {
      choices.add(choice(choices.size(), encoded(vector)));
    }
    return new Completion(id, model, createdSeconds, choices, usage, Map.of(OBJECT, LIST));
  }

  /** One vector of an answer, from its text in Base64. */
  public static Completion.Choice choice(int index, String base64) {
    return new Completion.Choice(
        index, Message.assistant(""), FINISHED, Map.of(FIELD, '"' + base64 + '"'));
  }

  /** An answer from choices made by {@link #choice}. */
  public static Completion completionOf(
      String id, String model, long createdSeconds, List<Completion.Choice> choices, Usage usage) {
    return new Completion(id, model, createdSeconds, choices, usage, Map.of(OBJECT, LIST));
  }

  /** Whether an answer is one of embeddings. */
  public static boolean in(Completion completion) {
    return LIST.equals(completion.extra().get(OBJECT))
        && completion.choices().stream().allMatch(choice -> choice.extra().containsKey(FIELD));
  }

  /**
   * The vectors of an answer, in order.
   *
   * @throws IllegalArgumentException when a choice has none, or one that cannot be read
   */
  public static List<float[]> vectors(Completion completion) {
    return completion.choices().stream().map(choice -> decoded(base64(choice))).toList();
  }

  /**
   * A choice's vector in Base64.
   *
   * @throws IllegalArgumentException when it has none
   */
  public static String base64(Completion.Choice choice) {
    @Nullable String json = choice.extra().get(FIELD);
    if (json == null || json.length() < 2 || json.charAt(0) != '"' || !json.endsWith("\"")) {
      throw new IllegalArgumentException("choice " + choice.index() + " has no embedding");
    }
    return json.substring(1, json.length() - 1);
  }

  /** A vector in Base64 of 32-bit floats, little end first. */
  public static String encoded(float[] vector) {
    if (vector.length > MAX_DIMENSIONS) {
      throw new IllegalArgumentException(
          "a vector has at most %d numbers, not %d".formatted(MAX_DIMENSIONS, vector.length));
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  /**
   * The vector of a text made by {@link #encoded}, or by a provider in the same form.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static float[] decoded(String base64) {
    byte[] bytes = Base64.getDecoder().decode(base64);
    if (bytes.length % Float.BYTES != 0 || bytes.length / Float.BYTES > MAX_DIMENSIONS) {
      throw new IllegalArgumentException(
          "%d bytes are no vector of at most %d floats".formatted(bytes.length, MAX_DIMENSIONS));
    }
    float[] vector = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
    return vector;
  }

  private static boolean isText(@Nullable Content content) {
    return switch (content) {
      case null -> false;
      case Content.Text text -> true;
      case Content.Parts parts ->
          parts.parts().stream().allMatch(part -> part instanceof Content.TextPart);
    };
  }
}
