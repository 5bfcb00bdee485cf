package io.millrace.plugin.hook;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Outcome;

/**
 * A plugin's PreHook and PostHook. One instance serves the whole process and is called from several
 * stream threads at once, so an implementation must be thread-safe; what belongs to one exchange
 * goes into the context's attributes.
 *
 * <p>Hooks run on stream threads: they must not block. A hook that throws harms only the exchange
 * at hand; what happens to that exchange is set by its {@code on_error} configuration ({@link
 * OnError}).
 */
public interface Hook extends AutoCloseable {

  /**
   * Runs before the provider is called, once per attempt, in chain order.
   *
   * @param request the request as earlier hooks left it
   * @return what happens next; never null
   */
  default PreHookResult preHook(CompletionRequest request, HookContext context) {
    return PreHookResult.proceed(request);
  }

  /**
   * Runs after the provider answered or an earlier stage settled the outcome, once per attempt for
   * each PreHook that ran, in reverse order.
   *
   * @param outcome a response or an error, as later hooks of the chain left it
   * @return the outcome to pass on, the same or another; never null
   */
  default Outcome postHook(Outcome outcome, HookContext context) {
    return outcome;
  }

  /** Releases what the hook holds. Called once, on shutdown, in reverse chain order. */
  @Override
  default void close() {}
}
