package io.millrace.plugin.provider;

import io.millrace.plugin.model.ErrorCode;
import java.util.List;
import java.util.Optional;

/**
 * Calls a model. Implementations are thread-safe: a worker calls from many virtual threads at once,
 * so blocking is fine. They never retry and never choose keys: the worker does both.
 */
public interface Provider extends AutoCloseable {

  /**
   * Makes one call.
   *
   * @return the completion or a classified failure; never null
   * @throws InterruptedException when the worker gives the call up (shutdown or time-out)
   */
  ProviderReply complete(ProviderRequest request) throws InterruptedException;

  /**
   * Makes one call whose answer is handed on while it comes. An error before the first chunk is a
   * failed call like any other, also where the provider answered 200 and put the error into the
   * first event of its stream (hook contract, H33).
   *
   * <p>By default the call is made without streaming, and no chunk is handed on: the pipeline makes
   * chunks of the whole answer.
   *
   * @param chunks takes the pieces, in order
   * @return the whole answer, put together from its chunks, or a classified failure; never null
   * @throws ChunkSink.StoppedException as {@code chunks} threw it; the connection is closed
   * @throws InterruptedException when the worker gives the call up (shutdown or time-out)
   */
  default ProviderReply stream(ProviderRequest request, ChunkSink chunks)
      throws ChunkSink.StoppedException, InterruptedException {
    return complete(request);
  }

  /**
   * Makes one call for embeddings: the request is of kind {@link
   * io.millrace.plugin.model.RequestKind#EMBEDDINGS}, the answer made by {@link
   * io.millrace.plugin.model.Embeddings#completion}.
   *
   * <p>By default there are none: the request is refused, and a fallback may be tried.
   *
   * @return the vectors in the order of the inputs, or a classified failure; never null
   * @throws InterruptedException when the worker gives the call up (shutdown or time-out)
   */
  default ProviderReply embed(ProviderRequest request) throws InterruptedException {
    return new ProviderReply.Failure(
        FailureClass.REQUEST_REJECTED,
        ErrorCode.INVALID_REQUEST
            .error(
                "the provider of model %s has no embeddings: name a model of one that has"
                    .formatted(request.model()))
            .withAllowFallbacks(true),
        null);
  }

  /**
   * Looks whether the provider can be reached and accepts the key, without a call that costs money.
   *
   * @return empty when the provider has no such thing; then only calls show its health
   * @throws InterruptedException when the worker gives up (shutdown or time-out)
   */
  default Optional<HealthReport> checkHealth(HealthRequest request) throws InterruptedException {
    return Optional.empty();
  }

  /** What the provider itself knows of its models, without asking over a network. */
  default List<ModelInfo> models() {
    return List.of();
  }

  /**
   * Asks for the models that answer chat requests, over a network if need be, without a call that
   * costs money. Workers do so now and then where the configuration wants routing to know them.
   *
   * <p>By default what {@link #models()} says.
   *
   * @return each once, in an order of the provider's; empty when it did not say: what it said
   *     before stays in force
   * @throws InterruptedException when the worker gives up (shutdown or time-out)
   */
  default Optional<List<ModelInfo>> askForModels(HealthRequest request)
      throws InterruptedException {
    List<ModelInfo> known = models();
    return known.isEmpty() ? Optional.empty() : Optional.of(known);
  }

  /** Releases connections. Called once. */
  @Override
  default void close() {}
}
