package io.millrace.stages;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Outcome;
import java.util.Collection;

/** Lets everything pass and notes its calls: {@code name>} on the way in, {@code <name} back. */
class RecordingHook implements Hook {

  final String name;
  private final Collection<String> calls;

  /** A hook that notes its calls where others do, too. */
  RecordingHook(String name, Collection<String> calls) {
    this.name = name;
    this.calls = calls;
  }

  @Override
  public PreHookResult preHook(CompletionRequest request, HookContext context) {
    calls.add(name + ">");
    return PreHookResult.proceed(request);
  }

  @Override
  public Outcome postHook(Outcome outcome, HookContext context) {
    calls.add("<" + name);
    return outcome;
  }
}
