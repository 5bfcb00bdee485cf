package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.plugin.provider.ChunkSink;
import io.millrace.schemas.openai.InvalidBodyException;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts chunks that are longer than a sink takes into several: some servers send a whole answer as
 * one chunk.
 */
final class ChunkSplitter {

  /** In JSON a character takes six at most. */
  private static final int PIECE = ChunkSink.MAX_CHUNK_CHARACTERS / 8;

  private static final List<String> TEXTS =
      List.of(
          "/delta/content",
          "/delta/reasoning_content",
          "/delta/reasoning",
          "/delta/tool_calls/0/function/arguments");

  private ChunkSplitter() {}

  /**
   * A chunk as JSON text, in as many chunks as it takes.
   *
   * @throws InvalidBodyException when it is too long and cannot be cut
   */
  static List<String> split(ObjectNode chunk) throws InvalidBodyException {
    String whole = chunk.toString();
    if (whole.length() <= ChunkSink.MAX_CHUNK_CHARACTERS) {
      return List.of(whole);
    }
    JsonNode choice = chunk.at("/choices/0");
    for (String text : TEXTS) {
      if (choice.at(text).asText().length() > PIECE) {
        return split(chunk, text);
      }
    }
    throw new InvalidBodyException(
        "a chunk of %d characters is longer than the %d that are taken, and cannot be cut"
            .formatted(whole.length(), ChunkSink.MAX_CHUNK_CHARACTERS),
        null);
  }

  private static List<String> split(ObjectNode chunk, String pointer) throws InvalidBodyException {
    int slash = pointer.lastIndexOf('/');
    ObjectNode holder = (ObjectNode) chunk.at("/choices/0" + pointer.substring(0, slash));
    String name = pointer.substring(slash + 1);
    String text = holder.path(name).asText();
    ObjectNode choice = (ObjectNode) chunk.at("/choices/0");
    JsonNode reason = choice.get("finish_reason");
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < text.length(); ) {
      int to = end(text, from);
      holder.set(name, TextNode.valueOf(text.substring(from, to)));
      if (to < text.length()) {
        choice.putNull("finish_reason");
      } else if (reason != null) {
        choice.set("finish_reason", reason);
      }
      pieces.addAll(split(chunk));
      from = to;
    }
    return pieces;
  }

  /** Never between the halves of a character. */
  private static int end(String text, int from) {
    int to = Math.min(from + PIECE, text.length());
    return to < text.length() && Character.isHighSurrogate(text.charAt(to - 1)) ? to - 1 : to;
  }
}
