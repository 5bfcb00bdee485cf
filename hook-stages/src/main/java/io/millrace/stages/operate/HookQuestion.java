package io.millrace.stages.operate;

import io.millrace.plugin.hook.Operation;
import java.util.Objects;

/**
 * What an operator asks. Immutable.
 *
 * @param hook the hook's name in the chain
 * @param scopeKey whose state it is about: the tenant, for a hook of scope tenant
 * @param operation what to do
 * @param by who asks; goes into the events
 */
public record HookQuestion(String hook, String scopeKey, Operation operation, String by) {

  /** Requires all parts. */
  public HookQuestion {
    Objects.requireNonNull(hook, "hook");
    Objects.requireNonNull(scopeKey, "scopeKey");
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(by, "by");
  }
}
