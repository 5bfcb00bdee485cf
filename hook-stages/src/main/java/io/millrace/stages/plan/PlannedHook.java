package io.millrace.stages.plan;

import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.Scope;
import java.util.Objects;

/**
 * A hook as far as the planner cares. Immutable.
 *
 * @param name its name in the chain
 * @param scope the key by which its exchanges are brought together
 * @param stateful whether it keeps state
 * @param remote whether it runs off the stream thread
 */
public record PlannedHook(String name, Scope scope, boolean stateful, boolean remote) {

  /** Checks that nothing is null. */
  public PlannedHook {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(scope, "scope");
  }

  /** A hook of this name in the chain, as its descriptor says it is. */
  public static PlannedHook of(String name, HookDescriptor descriptor) {
    return new PlannedHook(name, descriptor.scope(), descriptor.stateful(), descriptor.remote());
  }
}
