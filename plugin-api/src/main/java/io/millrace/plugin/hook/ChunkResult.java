package io.millrace.plugin.hook;

import io.millrace.plugin.model.PipelineError;

/** What becomes of one piece of a streamed response. */
public sealed interface ChunkResult {

  /**
   * It goes on, changed or not.
   *
   * @param chunk what the next hook sees; its sequence is unchanged
   */
  record Pass(Chunk chunk) implements ChunkResult {}

  /** The caller does not get it. */
  record Drop() implements ChunkResult {}

  /**
   * The stream ends here.
   *
   * @param error what the attempt ends with
   */
  record Abort(PipelineError error) implements ChunkResult {}

  /** It goes on. */
  static ChunkResult pass(Chunk chunk) {
    return new Pass(chunk);
  }

  /** The caller does not get it. */
  static ChunkResult drop() {
    return new Drop();
  }

  /** The stream ends here. */
  static ChunkResult abort(PipelineError error) {
    return new Abort(error);
  }
}
