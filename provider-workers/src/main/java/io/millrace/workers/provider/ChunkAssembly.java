package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.openai.InvalidBodyException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Puts a chat completion together from its chunks: the body that the provider would have answered
 * without streaming. For one stream and one thread.
 */
final class ChunkAssembly {

  private static final String USAGE = "usage";
  private static final String CHOICES = "choices";
  private static final String DELTA = "delta";
  private static final String LOGPROBS = "logprobs";

  /** Padding, or of the chunk rather than of the answer. */
  private static final Set<String> LEFT_OUT = Set.of("object", CHOICES, "obfuscation", "error");

  /** The most answers to one request. */
  private static final int MAX_CHOICES = 128;

  private final AssemblyBudget budget;
  private final ObjectNode head = JsonNodeFactory.instance.objectNode();
  private final Map<Integer, Choice> choices = new TreeMap<>();

  /**
   * Puts one answer together.
   *
   * @param maxCharacters the longest that is taken
   */
  ChunkAssembly(int maxCharacters) {
    this.budget = new AssemblyBudget(maxCharacters);
  }

  /**
   * Takes the next chunk.
   *
   * @throws InvalidBodyException when it is none
   */
  void add(ObjectNode chunk) throws InvalidBodyException {
    for (Map.Entry<String, JsonNode> field : chunk.properties()) {
      if (!LEFT_OUT.contains(field.getKey()) && !field.getValue().isNull()) {
        head.set(field.getKey(), field.getValue());
      }
    }
    for (JsonNode choice : chunk.path(CHOICES)) {
      if (!(choice instanceof ObjectNode object)) {
        throw new InvalidBodyException("choices of a chunk must hold objects", CHOICES);
      }
      choice(object.path("index").asInt(0)).add(object);
    }
  }

  /** The whole body, as far as it came. */
  ObjectNode toJson() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.setAll(head);
    ArrayNode array = body.putArray(CHOICES);
    choices.forEach((index, choice) -> array.add(choice.toJson(index)));
    if (!body.has(USAGE) && body.at("/x_groq/usage").isObject()) {
      body.set(USAGE, body.at("/x_groq/usage"));
    }
    return body;
  }

  private Choice choice(int index) throws InvalidBodyException {
    if (index < 0 || (choices.size() >= MAX_CHOICES && !choices.containsKey(index))) {
      throw new InvalidBodyException(
          "choices must be at most %d, from 0; there is one with the index %d"
              .formatted(MAX_CHOICES, index),
          CHOICES);
    }
    return choices.computeIfAbsent(index, unused -> new Choice(budget));
  }

  /** One of the answers. */
  private static final class Choice {

    private static final Set<String> APART = Set.of("index", DELTA, LOGPROBS);

    private final GrowingObject message;
    private final GrowingObject logprobs;
    private final ObjectNode rest = JsonNodeFactory.instance.objectNode();
    private boolean hasLogprobs;

    Choice(AssemblyBudget budget) {
      this.message = GrowingObject.message(budget);
      this.logprobs = GrowingObject.message(budget);
    }

    void add(ObjectNode choice) throws InvalidBodyException {
      if (choice.path(DELTA) instanceof ObjectNode delta) {
        message.add(delta);
      }
      if (choice.path(LOGPROBS) instanceof ObjectNode given) {
        hasLogprobs = true;
        logprobs.add(given);
      }
      for (Map.Entry<String, JsonNode> field : choice.properties()) {
        if (!APART.contains(field.getKey()) && !field.getValue().isNull()) {
          rest.set(field.getKey(), field.getValue());
        }
      }
    }

    ObjectNode toJson(int index) {
      ObjectNode body = JsonNodeFactory.instance.objectNode().put("index", index);
      ObjectNode whole = body.putObject("message");
      whole.put("role", "assistant");
      whole.putNull("content");
      whole.setAll(message.toJson());
      whole.remove("obfuscation");
      if (hasLogprobs) {
        body.set(LOGPROBS, logprobs.toJson());
      }
      body.setAll(rest);
      return body;
    }
  }
}
