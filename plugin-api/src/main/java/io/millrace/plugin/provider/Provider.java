package io.millrace.plugin.provider;

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

  /** Releases connections. Called once. */
  @Override
  default void close() {}
}
