package io.millrace.stages.hooks.mock;

import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.CompletionRequest;

/** What a rule replies with. */
sealed interface Reply permits CompletionReply, ErrorReply {

  /** The reply to one request. */
  PreHookResult to(CompletionRequest request, HookContext context);
}
