package io.millrace.workers;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.provider.ChunkSink;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the provider itself, in the way that the attempt wants. Thread-safe. */
final class ProviderCaller {

  private static final Logger LOG = LoggerFactory.getLogger(ProviderCaller.class);
  private static final int LOGGED_FRAMES = 8;

  private final Provider provider;

  ProviderCaller(Provider provider) {
    this.provider = provider;
  }

  /**
   * Calls; whatever the provider throws but an interrupt is a failure.
   *
   * @param chunks takes the pieces of the answer; null where nobody wants them
   */
  ProviderReply call(ProviderRequest request, AttemptChunks.@Nullable OfCall chunks)
      throws InterruptedException {
    ProviderReply reply = made(request, chunks);
    boolean late = chunks != null && reply instanceof ProviderReply.Success && !chunks.answered();
    return late ? CallLog.STOPPED : reply;
  }

  private ProviderReply made(ProviderRequest request, AttemptChunks.@Nullable OfCall chunks)
      throws InterruptedException {
    try {
      // A plugin that answers null is at fault here and nowhere else.
      return Objects.requireNonNull(send(chunks, request));
    } catch (ChunkSink.StoppedException e) {
      return AttemptChunks.LOST.equals(e.error())
          ? CallLog.STOPPED
          : new ProviderReply.Failure(FailureClass.REQUEST_REJECTED, e.error(), null);
    } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
      // Errors of the machine itself stop the worker; these are about this call, and would stop
      // whoever reads the dispatch next.
      return faultOf(e);
    }
  }

  private ProviderReply send(@Nullable ChunkSink chunks, ProviderRequest request)
      throws ChunkSink.StoppedException, InterruptedException {
    return switch (request.request().kind()) {
      case EMBEDDINGS -> provider.embed(request);
      case CHAT -> chunks == null ? provider.complete(request) : provider.stream(request, chunks);
    };
  }

  /** An exception in a provider is a fault of its code; its message may hold secrets. */
  private static ProviderReply faultOf(Throwable e) {
    List<StackTraceElement> where = Stream.of(e.getStackTrace()).limit(LOGGED_FRAMES).toList();
    LOG.error("a provider threw {} at {}", e.getClass().getName(), where);
    PipelineError error =
        ErrorCode.INTERNAL_ERROR
            .error("the provider's code failed with " + e.getClass().getName())
            .withAllowFallbacks(true);
    return new ProviderReply.Failure(FailureClass.REQUEST_REJECTED, error, null);
  }
}
