package io.millrace.workers;

import io.millrace.plugin.hook.Chunk;
import io.millrace.plugin.hook.ChunkResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.provider.ChunkSink;
import io.millrace.schemas.openai.ChatChunks;
import java.util.List;
import java.util.function.Function;

/**
 * The stream of one delivery of an attempt: its pieces go through the hooks and to the broker, in
 * order. Used by one thread at a time.
 */
final class ChunkStream implements StreamedChunks {

  private final Function<Chunk, ChunkResult> hooks;
  private final ChunkOutlet outlet;
  private final boolean withUsage;
  private long received;
  private boolean begun;

  /**
   * A stream that has not begun.
   *
   * @param hooks what becomes of each piece
   * @param withUsage whether the caller wants to be told what was used
   */
  ChunkStream(Function<Chunk, ChunkResult> hooks, ChunkOutlet outlet, boolean withUsage) {
    this.hooks = hooks;
    this.outlet = outlet;
    this.withUsage = withUsage;
  }

  /** Takes a piece; what was used is told at the end, from the whole answer. */
  @Override
  public void accept(String json) throws StoppedException, InterruptedException {
    if (json.length() > ChunkSink.MAX_CHUNK_CHARACTERS) {
      throw new StoppedException(
          ErrorCode.UPSTREAM_INVALID_RESPONSE.error(
              "the provider streamed a piece of %d characters; at most %d are taken"
                  .formatted(json.length(), ChunkSink.MAX_CHUNK_CHARACTERS)));
    }
    if (!ChatChunks.isUsage(json)) {
      pass(json);
    }
  }

  private void pass(String json) throws StoppedException, InterruptedException {
    switch (hooks.apply(new Chunk(received++, json))) {
      case ChunkResult.Pass(Chunk passed) -> {
        begun = true;
        outlet.send(passed.json());
      }
      case ChunkResult.Drop drop -> {}
      case ChunkResult.Abort(PipelineError error) -> throw new StoppedException(error);
    }
  }

  @Override
  public boolean begun() {
    return begun;
  }

  @Override
  public void restart() {
    received = 0;
  }

  /** An answer that the provider gave as a whole is cut into pieces first. */
  private Outcome end(Outcome outcome) throws InterruptedException {
    return switch (outcome) {
      case Completion completion -> end(completion);
      case PipelineError error -> {
        if (begun) {
          outlet.end(error);
        }
        yield error;
      }
    };
  }

  /** Ends the stream with its attempt; interrupted, the attempt is given up. */
  CallResult end(CallResult result) {
    try {
      return switch (result) {
        case CallResult.Finished(Outcome outcome, List<CallTrace> calls) ->
            new CallResult.Finished(end(outcome), calls);
        case CallResult.Postponed postponed -> postponed; // only before anything was sent
        case CallResult.Abandoned abandoned -> {
          abandon();
          yield abandoned;
        }
      };
    } catch (InterruptedException e) {
      abandon();
      Thread.currentThread().interrupt();
      return new CallResult.Abandoned(result.calls());
    }
  }

  /** The worker stops before there is an outcome; another one begins anew. */
  private void abandon() {
    if (begun) {
      outlet.end(
          ErrorCode.STREAM_INTERRUPTED.error(
              "the worker stopped in the middle of the answer; the request is carried out anew"));
    }
  }

  private Outcome end(Completion completion) throws InterruptedException {
    try {
      if (received == 0) {
        for (String chunk : ChatChunks.of(completion)) {
          pass(chunk);
        }
      }
      if (withUsage) {
        pass(ChatChunks.usage(completion));
      }
      outlet.end(null);
      return completion;
    } catch (IllegalArgumentException e) {
      return end(
          ErrorCode.UPSTREAM_INVALID_RESPONSE.error(
              "the provider's answer cannot be streamed: " + e.getMessage()));
    } catch (StoppedException e) {
      return end(begun ? e.error().withAllowFallbacks(false) : e.error());
    }
  }
}
