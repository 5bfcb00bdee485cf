package io.millrace.stages;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.OnError;
import io.millrace.plugin.hook.RequestContext;
import io.millrace.plugin.hook.RoutePlan;
import io.millrace.stages.plan.GroupStores;
import java.util.Arrays;

/**
 * A hook of the chain and how it runs. Thread-safe.
 *
 * @param name its name in the chain
 * @param hook the instance
 * @param descriptor what it says of itself under its configuration
 * @param onError what an exception in it does
 * @param enabled whether it takes part where the control topic does not say
 * @param tally what was counted about it
 */
record ActiveHook(
    String name,
    Hook hook,
    HookDescriptor descriptor,
    OnError onError,
    boolean enabled,
    HookTally tally) {

  /** Whether it has a say before the first attempt; who has none costs nothing there. */
  boolean choosesRoutes() {
    return overrides("preRequest", RoutePlan.class, RequestContext.class);
  }

  /** Whether the hook does something of its own in a method that may be left out. */
  boolean overrides(String name, Class<?>... parameters) {
    return Arrays.stream(hook.getClass().getMethods())
        .filter(method -> method.getName().equals(name))
        .filter(method -> Arrays.equals(method.getParameterTypes(), parameters))
        .anyMatch(method -> method.getDeclaringClass() != Hook.class);
  }

  /** The name of its state store; there is one only where the descriptor says stateful. */
  String store() {
    return GroupStores.stateOf(name);
  }
}
