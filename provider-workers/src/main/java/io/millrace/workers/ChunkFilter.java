package io.millrace.workers;

import io.millrace.plugin.hook.Chunk;
import io.millrace.plugin.hook.ChunkResult;
import java.util.List;
import java.util.function.Function;

/**
 * What hooks make of the pieces of streamed answers before these leave the worker (hook contract,
 * H31). Thread-safe.
 */
@FunctionalInterface
public interface ChunkFilter {

  /** Lets every piece pass: there are no hooks. */
  ChunkFilter NONE = ran -> ChunkResult::pass;

  /**
   * The way of one stream's pieces through the hooks.
   *
   * @param ran the hooks whose PreHook ran in the attempt, in the order they ran
   * @return called for each piece, in sequence, by one thread
   * @throws InterruptedException when the worker stops before it is known
   */
  Function<Chunk, ChunkResult> of(List<String> ran) throws InterruptedException;
}
