package io.millrace.workers;

import io.millrace.plugin.provider.ChunkSink;

/**
 * The stream of one delivery of an attempt, over all its calls. Used by one thread at a time, see
 * {@link AttemptChunks}.
 */
interface StreamedChunks extends ChunkSink {

  /** Whether a chunk has left: from then on the call cannot be repeated. */
  boolean begun();

  /** The next chunk is the first of another call; only before one has left. */
  void restart();
}
