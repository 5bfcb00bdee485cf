package io.millrace.plugin.engine;

import io.millrace.plugin.model.RequestKind;
import io.millrace.plugin.provider.ChunkSink;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model in memory. Called from several threads at once, each of which it may keep busy: these are
 * platform threads meant for computing.
 */
public interface LoadedModel extends AutoCloseable {

  /** What is known of it. */
  ModelInfo info();

  /** What it can be asked for. */
  Set<RequestKind> kinds();

  /**
   * Answers a request of one of its kinds. Stops when the thread is interrupted, as soon as it can.
   *
   * @param request its time-out is what is left of it when the call begins
   * @param chunks takes the pieces of a chat's answer, in order; null when nobody wants them
   * @return the answer or a classified failure; never null
   * @throws ChunkSink.StoppedException as {@code chunks} threw it
   * @throws InterruptedException when the call was given up
   */
  ProviderReply execute(ProviderRequest request, @Nullable ChunkSink chunks)
      throws ChunkSink.StoppedException, InterruptedException;

  /** Releases its memory. Called once, when no call is running. */
  @Override
  void close();
}
