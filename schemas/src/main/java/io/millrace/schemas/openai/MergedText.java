package io.millrace.schemas.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Pieces of a stream that follow each other and hold nothing but text of the same choice, as one
 * piece: a reader who puts them together gets the same answer. For one thread at a time.
 */
public final class MergedText {

  /** The most characters of text in one piece, as where a whole answer is cut. */
  public static final int MAX_CHARACTERS = ChatChunks.MAX_TEXT_CHARACTERS;

  private static final String CONTENT = "content";
  private static final String DELTA = "delta";

  /** May differ between pieces of one answer: when it was made, and padding. */
  private static final Set<String> OF_THE_PIECE = Set.of("created", "obfuscation");

  private final String first;
  private final ObjectNode chunk;
  private final ObjectNode frame;
  private final StringBuilder text;
  private boolean alone = true;

  private MergedText(String first, ObjectNode chunk, String text) {
    this.first = first;
    this.chunk = chunk;
    this.frame = frame(chunk);
    this.text = new StringBuilder(text);
  }

  /** A first piece; empty where it holds more than text of one choice, or is too long already. */
  public static Optional<MergedText> of(String piece) {
    return read(piece)
        .filter(chunk -> text(chunk).length() < MAX_CHARACTERS)
        .map(chunk -> new MergedText(piece, chunk, text(chunk)));
  }

  /**
   * Takes the next piece; false where it does not go with the others, and is to come after them.
   */
  public boolean add(String piece) {
    Optional<ObjectNode> next = read(piece);
    if (next.isEmpty()
        || text.length() + text(next.get()).length() > MAX_CHARACTERS
        || !frame(next.get()).equals(frame)) {
      return false;
    }
    text.append(text(next.get()));
    alone = false;
    return true;
  }

  /** All of them as one piece. */
  public String json() {
    if (alone) {
      return first;
    }
    ((ObjectNode) chunk.at("/choices/0/delta")).put(CONTENT, text.toString());
    chunk.remove("obfuscation");
    return chunk.toString();
  }

  private static Optional<ObjectNode> read(String piece) {
    try {
      return JsonText.tree(piece, "the chunk") instanceof ObjectNode chunk && isText(chunk)
          ? Optional.of(chunk)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Text of one choice, without an end, probabilities or usage. */
  private static boolean isText(ObjectNode chunk) {
    JsonNode choices = chunk.path("choices");
    if (choices.size() != 1 || !isNull(chunk.path(UsageFormat.NAME)) || chunk.has("error")) {
      return false;
    }
    JsonNode choice = choices.path(0);
    JsonNode delta = choice.path(DELTA);
    return choice.path("index").canConvertToInt()
        && delta.path(CONTENT).isTextual()
        && isNullBut(choice, Set.of("index", DELTA))
        && isNullBut(delta, Set.of("role", CONTENT));
  }

  private static boolean isNullBut(JsonNode object, Set<String> allowed) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!allowed.contains(field.getKey()) && !isNull(field.getValue())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isNull(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }

  private static String text(ObjectNode chunk) {
    return chunk.at("/choices/0/delta/content").textValue();
  }

  /** What pieces of one answer have in common. */
  private static ObjectNode frame(ObjectNode chunk) {
    ObjectNode frame = JsonText.object();
    for (Map.Entry<String, JsonNode> field : chunk.properties()) {
      if (!OF_THE_PIECE.contains(field.getKey()) && !field.getKey().equals("choices")) {
        frame.set(field.getKey(), field.getValue());
      }
    }
    return frame.set("choices", chunk.at("/choices/0/index"));
  }
}
