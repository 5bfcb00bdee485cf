package io.millrace.plugin.hook;

import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Outcome;

/**
 * A plugin's PreHook and PostHook. One instance serves the whole process and is called from several
 * stream threads at once, so an implementation must be thread-safe; what belongs to one exchange
 * goes into the context's attributes, and what outlives it into the context's state.
 *
 * <p>Hooks run on stream threads: they must not block. A hook that must wait says so in its
 * descriptor ({@link HookDescriptor.Builder#remote}). A hook that throws harms only the exchange at
 * hand; what happens to that exchange is set by its {@code on_error} configuration ({@link
 * OnError}).
 */
public interface Hook extends AutoCloseable {

  /** The longest answer of {@link #operate}, in characters. */
  int MAX_ANSWER_CHARACTERS = 65_536;

  /**
   * Opens what the hook needs. Called once, after every hook of the chain was created and before
   * the first request.
   *
   * @throws Exception to stop the start; the message says what is wrong and what would be right
   */
  default void initialize() throws Exception {}

  /**
   * The key of the hook's own scope. Called only where the descriptor says {@link Scope#OWN}.
   *
   * @return at most 256 characters; not empty
   */
  default String scopeKey(CompletionRequest request, RequestContext context) {
    throw new UnsupportedOperationException("a hook of scope OWN must implement scopeKey");
  }

  /**
   * Chooses provider, model and fallbacks. Runs once per request, before the first attempt, in
   * chain order.
   *
   * @param plan the plan as earlier hooks left it; at first, what the configuration makes of the
   *     request
   * @return the plan to go by, the same or another; never null
   */
  default RoutePlan preRequest(RoutePlan plan, RequestContext context) {
    return plan;
  }

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

  /**
   * Sees one piece of a streamed response, in sequence, in reverse chain order. Keeps no state: the
   * whole response comes to {@link #postHook} once, at the end.
   *
   * @return what becomes of the piece; never null
   */
  default ChunkResult onChunk(Chunk chunk) {
    return ChunkResult.pass(chunk);
  }

  /**
   * Answers an operator who asks about, or changes, what the hook keeps under one scope key. Called
   * on the stream thread that holds that state, in a transaction of its own.
   *
   * @return the answer as JSON text, at most {@link #MAX_ANSWER_CHARACTERS} characters
   * @throws IllegalArgumentException for an operation or argument that the hook does not know: says
   *     what it knows
   */
  default String operate(Operation operation, OperationContext context) {
    throw new IllegalArgumentException("the hook has no operations");
  }

  /**
   * Releases what the hook holds. Called once, on shutdown, in reverse chain order, also when the
   * start was stopped after {@link #initialize()}.
   */
  @Override
  default void close() {}
}
