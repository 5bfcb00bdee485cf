package io.millrace.workers.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.provider.ChunkSink;
import io.millrace.schemas.openai.ChatCompletions;
import io.millrace.schemas.openai.InvalidBodyException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Hands chunks on while it puts the answer together. Usage is always asked for, but handed on only
 * where the request asked for it too. For one stream and one thread.
 */
final class ChunkRelay {

  private static final String USAGE = "usage";
  private static final String STREAM_OPTIONS = "stream_options";

  private final ChunkSink sink;
  private final ChunkAssembly assembly;
  private final boolean usageWanted;

  /**
   * Relays one stream.
   *
   * @param maxCharacters the longest answer that is put together
   */
  ChunkRelay(ChunkSink sink, CompletionRequest request, int maxCharacters) {
    this.sink = sink;
    this.assembly = new ChunkAssembly(maxCharacters);
    this.usageWanted = wantsUsage(request);
  }

  /** Whether a request asks for usage in its stream. */
  static boolean wantsUsage(CompletionRequest request) {
    String options = request.extra().get(STREAM_OPTIONS);
    if (options == null) {
      return false;
    }
    try {
      return ChatCompletions.parse(options.getBytes(StandardCharsets.UTF_8))
          .path("include_usage")
          .asBoolean();
    } catch (InvalidBodyException e) {
      return false;
    }
  }

  /** Takes chunks and hands them on. */
  void accept(List<ObjectNode> chunks)
      throws InvalidBodyException, ChunkSink.StoppedException, InterruptedException {
    for (ObjectNode chunk : chunks) {
      assembly.add(chunk);
      if (isForTheCaller(chunk)) {
        for (String json : ChunkSplitter.split(chunk)) {
          sink.accept(json);
        }
      }
    }
  }

  /** The whole body, as far as it came. */
  ObjectNode body() {
    return assembly.toJson();
  }

  /** Takes usage out of a chunk that holds more; a chunk with nothing but usage is left out. */
  private boolean isForTheCaller(ObjectNode chunk) {
    if (usageWanted || !chunk.has(USAGE)) {
      return true;
    }
    JsonNode usage = chunk.remove(USAGE);
    return usage.isNull() || !chunk.path("choices").isEmpty();
  }
}
