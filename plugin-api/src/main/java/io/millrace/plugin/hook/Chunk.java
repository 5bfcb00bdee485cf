package io.millrace.plugin.hook;

import java.util.Objects;

/**
 * One piece of a streamed response. Immutable.
 *
 * @param sequence its place in the stream, from 0
 * @param json the chunk as the chat completions interface has it ({@code chat.completion.chunk})
 */
public record Chunk(long sequence, String json) {

  /** Checks the sequence. */
  public Chunk {
    Objects.requireNonNull(json, "json");
    if (sequence < 0) {
      throw new IllegalArgumentException("sequence must not be negative, is " + sequence);
    }
  }
}
