package io.millrace.schemas.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Completion.Choice;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer as the pieces of a stream ({@code chat.completion.chunk}), in the order in which a
 * server would send them: for answers that were there before anybody streamed them. Put together
 * again the pieces make the same answer. Thread-safe.
 */
public final class ChatChunks {

  /** The most characters of text in one piece. */
  public static final int MAX_TEXT_CHARACTERS = 4_096;

  private static final String OBJECT = "chat.completion.chunk";
  private static final String STREAM_OPTIONS = "stream_options";
  private static final String INCLUDE_USAGE = "include_usage";
  private static final String CONTENT = "content";

  private ChatChunks() {}

  /**
   * The pieces of an answer, without the one that says what was used.
   *
   * @throws IllegalArgumentException when a field that must hold JSON text does not
   */
  public static List<String> of(Completion completion) {
    List<String> chunks = new ArrayList<>();
    for (Choice choice : completion.choices()) {
      addChoice(chunks, completion, choice);
    }
    return chunks;
  }

  /** The piece that says what was used: it has no choices and comes last. */
  public static String usage(Completion completion) {
    ObjectNode chunk = chunk(completion);
    chunk.putArray("choices");
    chunk.set(UsageFormat.NAME, UsageFormat.write(completion.usage(), completion.extra()));
    return chunk.toString();
  }

  /**
   * What is left of a choice whose text was sent up to a place.
   *
   * @param from characters of its text that were sent, at most as many as it has
   */
  public static List<String> rest(Completion completion, Choice choice, int from) {
    List<String> chunks = new ArrayList<>();
    addText(chunks, completion, choice, choice.message().text(), from);
    chunks.add(end(completion, choice));
    return chunks;
  }

  /**
   * Whether a request wants to be told what was used ({@code stream_options.include_usage}).
   *
   * @param extra the request's parameters without a field of their own
   */
  public static boolean wantsUsage(Map<String, String> extra) {
    @Nullable String options = extra.get(STREAM_OPTIONS);
    if (options == null) {
      return false;
    }
    try {
      return JsonText.tree(options, STREAM_OPTIONS).path(INCLUDE_USAGE).asBoolean();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether a piece says nothing but what was used. */
  public static boolean isUsage(String chunk) {
    if (!chunk.contains("\"" + UsageFormat.NAME + "\"")) {
      return false;
    }
    try {
      JsonNode tree = JsonText.tree(chunk, "the chunk");
      return tree.path("choices").isEmpty() && tree.path(UsageFormat.NAME).isObject();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void addChoice(List<String> chunks, Completion completion, Choice choice) {
    Message message = choice.message();
    ObjectNode delta = MessageFormat.write(message);
    int sent = 0;
    if (message.content() instanceof Content.Text(String text)) {
      sent = endOfPiece(text, 0);
      delta.put(CONTENT, text.substring(0, sent));
    }
    number(delta.path(ToolCallFormat.NAME));
    ObjectNode first = choice(choice, delta);
    JsonText.addMissing(first, choice.extra());
    chunks.add(withChoice(completion, first));
    if (message.content() instanceof Content.Text(String text)) {
      addText(chunks, completion, choice, text, sent);
    }
    chunks.add(end(completion, choice));
  }

  private static void addText(
      List<String> chunks, Completion completion, Choice choice, String text, int from) {
    int at = from;
    while (at < text.length()) {
      int end = endOfPiece(text, at);
      ObjectNode delta = JsonText.object().put(CONTENT, text.substring(at, end));
      chunks.add(withChoice(completion, choice(choice, delta)));
      at = end;
    }
  }

  /** Cuts no character of two halves in two. */
  private static int endOfPiece(String text, int from) {
    int end = Math.min(text.length(), from + MAX_TEXT_CHARACTERS);
    boolean halved = end < text.length() && Character.isHighSurrogate(text.charAt(end - 1));
    return halved ? end - 1 : end;
  }

  private static String end(Completion completion, Choice choice) {
    ObjectNode last = choice(choice, JsonText.object());
    last.put("finish_reason", choice.finishReason());
    return withChoice(completion, last);
  }

  private static ObjectNode choice(Choice choice, ObjectNode delta) {
    ObjectNode body = JsonText.object().put("index", choice.index());
    body.set("delta", delta);
    return body.putNull("finish_reason");
  }

  /** Pieces refer to calls of tools by their place. */
  private static void number(JsonNode calls) {
    int index = 0;
    for (JsonNode call : calls) {
      if (call instanceof ObjectNode object && !object.has("index")) {
        object.put("index", index);
      }
      index++;
    }
  }

  private static String withChoice(Completion completion, ObjectNode choice) {
    ObjectNode chunk = chunk(completion);
    ArrayNode choices = chunk.putArray("choices");
    choices.add(choice);
    JsonText.addMissing(chunk, completion.extra(), UsageFormat.NAME);
    return chunk.toString();
  }

  private static ObjectNode chunk(Completion completion) {
    return JsonText.object()
        .put("id", completion.id())
        .put("object", OBJECT)
        .put("created", completion.createdSeconds())
        .put("model", completion.model());
  }
}
