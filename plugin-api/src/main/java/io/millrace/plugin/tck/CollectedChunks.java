package io.millrace.plugin.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.plugin.provider.ChunkSink;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Keeps the chunks of one stream. */
public final class CollectedChunks implements ChunkSink {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final List<String> chunks = new CopyOnWriteArrayList<>();

  /** Of a stream that has not begun. */
  public CollectedChunks() {}

  @Override
  public void accept(String json) {
    chunks.add(json);
  }

  /** The chunks in order, as they came; a live view. */
  public List<String> json() {
    return chunks;
  }

  /** What the first answer's chunks say. */
  public String text() {
    return trees().stream()
        .map(chunk -> chunk.at("/choices/0/delta/content").asText(""))
        .collect(Collectors.joining());
  }

  /** The chunks as trees. */
  public List<JsonNode> trees() {
    return chunks.stream().map(CollectedChunks::tree).toList();
  }

  void assertWellFormed() {
    for (JsonNode chunk : trees()) {
      assertEquals("chat.completion.chunk", chunk.path("object").asText(), "a chunk's object");
      assertTrue(chunk.path("choices").isArray(), "a chunk has choices: " + chunk);
    }
    for (String chunk : chunks) {
      assertTrue(chunk.length() <= MAX_CHUNK_CHARACTERS, "a chunk is too long");
    }
  }

  private static JsonNode tree(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      return fail("a chunk is not JSON: " + json, e);
    }
  }
}
