package io.millrace.plugin.provider;

import io.millrace.plugin.model.PipelineError;

/** Takes a streamed answer from a provider, piece by piece. Used by one thread for one call. */
public interface ChunkSink {

  /** The most characters of one chunk. */
  int MAX_CHUNK_CHARACTERS = 262_144;

  /**
   * Takes the next chunk. May block for a while, where chunks come faster than they can be sent.
   *
   * @param json the chunk as the chat completions interface has it ({@code chat.completion.chunk})
   * @throws StoppedException when the stream shall end here; the provider closes its connection and
   *     lets the exception pass
   * @throws InterruptedException when the worker gives the call up
   */
  void accept(String json) throws StoppedException, InterruptedException;

  /** The stream was ended by this side. */
  final class StoppedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient PipelineError error;

    /** Ends with an error. */
    public StoppedException(PipelineError error) {
      super(error.message());
      this.error = error;
    }

    /** What the attempt ends with. */
    public PipelineError error() {
      return error;
    }
  }
}
