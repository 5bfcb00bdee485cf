package io.millrace.plugin.hook;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.PipelineError;

/** What a PreHook decides. */
public sealed interface PreHookResult {

  /**
   * Go on with this request, changed or not.
   *
   * @param request what the next hook sees
   */
  record Continue(CompletionRequest request) implements PreHookResult {}

  /**
   * Short-circuit with a response: later hooks and the provider are skipped.
   *
   * @param response what the PostHooks see
   */
  record Respond(Completion response) implements PreHookResult {}

  /**
   * Short-circuit with an error: later hooks and the provider are skipped.
   *
   * @param error what the PostHooks see
   */
  record Fail(PipelineError error) implements PreHookResult {}

  /** Go on with this request. */
  static PreHookResult proceed(CompletionRequest request) {
    return new Continue(request);
  }

  /** Short-circuit with a response. */
  static PreHookResult respond(Completion response) {
    return new Respond(response);
  }

  /** Short-circuit with an error. */
  static PreHookResult fail(PipelineError error) {
    return new Fail(error);
  }
}
