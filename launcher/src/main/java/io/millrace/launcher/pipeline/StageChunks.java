package io.millrace.launcher.pipeline;

import io.millrace.plugin.hook.Chunk;
import io.millrace.plugin.hook.ChunkResult;
import io.millrace.workers.ChunkFilter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * Where the stages and the workers of one process meet: pieces of streamed answers pass the very
 * hooks that the stages run. Roles start side by side, so a worker that has a stream before the
 * stages are there waits for them. Thread-safe.
 */
final class StageChunks implements ChunkFilter {

  private final CompletableFuture<ChunkFilter> stages = new CompletableFuture<>();
  private final boolean here;

  /**
   * A meeting place.
   *
   * @param stagesAreHere whether this process runs stages
   */
  StageChunks(boolean stagesAreHere) {
    this.here = stagesAreHere;
  }

  boolean stagesAreHere() {
    return here;
  }

  /** The stages are there. */
  void started(ChunkFilter filter) {
    stages.complete(filter);
  }

  /** The stages do not start, so neither does the process. */
  void failed(Throwable cause) {
    stages.completeExceptionally(cause);
  }

  @Override
  public Function<Chunk, ChunkResult> of(List<String> ran) throws InterruptedException {
    try {
      return stages.get().of(ran);
    } catch (ExecutionException e) {
      throw new InterruptedException("the stages of this process did not start");
    }
  }
}
