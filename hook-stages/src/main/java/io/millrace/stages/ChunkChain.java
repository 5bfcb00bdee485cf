package io.millrace.stages;

import io.millrace.plugin.hook.Chunk;
import io.millrace.plugin.hook.ChunkResult;
import io.millrace.plugin.hook.OnError;
import io.millrace.plugin.model.ErrorCode;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads the pieces of a streamed response through the hooks whose PreHook ran, in reverse order
 * (hook contract, H31). Keeps nothing between two pieces. Thread-safe.
 */
final class ChunkChain {

  private static final Logger LOG = LoggerFactory.getLogger(ChunkChain.class);

  private final List<ActiveHook> reversed;

  /**
   * A chain for one stream.
   *
   * @param ran the hooks whose PreHook ran, in the order they ran
   */
  ChunkChain(List<ActiveHook> ran) {
    this.reversed = List.copyOf(ran).reversed();
  }

  /** What becomes of a piece after every hook; what one drops or aborts the others do not see. */
  ChunkResult on(Chunk chunk) {
    Chunk current = chunk;
    for (ActiveHook active : reversed) {
      ChunkResult result = on(active, current);
      if (!(result instanceof ChunkResult.Pass(Chunk passed))) {
        return result;
      }
      current = passed;
    }
    return ChunkResult.pass(current);
  }

  private static ChunkResult on(ActiveHook active, Chunk chunk) {
    long started = System.nanoTime();
    try {
      ChunkResult result = active.hook().onChunk(chunk);
      if (result instanceof ChunkResult.Pass(Chunk passed)
          && passed.sequence() != chunk.sequence()) {
        return failed(active, chunk);
      }
      return result == null ? failed(active, chunk) : result;
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      LOG.warn("hook {} failed in onChunk", active.name(), e);
      return failed(active, chunk);
    } finally {
      active.tally().calls(HookDirection.CHUNK).add(System.nanoTime() - started);
    }
  }

  private static ChunkResult failed(ActiveHook active, Chunk chunk) {
    active.tally().calls(HookDirection.CHUNK).addError();
    return active.onError() == OnError.CONTINUE
        ? ChunkResult.pass(chunk)
        : ChunkResult.abort(
            ErrorCode.HOOK_FAILED
                .error("hook '" + active.name() + "' failed in onChunk")
                .withAllowFallbacks(false));
  }
}
