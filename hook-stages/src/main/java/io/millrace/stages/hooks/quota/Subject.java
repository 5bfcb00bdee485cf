package io.millrace.stages.hooks.quota;

import io.millrace.plugin.access.Caller;
import io.millrace.plugin.hook.HookContext;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who asks whom: an attempt's value in each dimension. Immutable.
 *
 * @param values team and key are missing where nobody had to say who they are
 */
public record Subject(Map<Dimension, String> values) {

  /** Copies the values. */
  public Subject {
    values = Map.copyOf(values);
  }

  /** The subject of an attempt; the same for its PreHook and its PostHook. */
  public static Subject of(HookContext context) {
    Map<Dimension, String> values = new EnumMap<>(Dimension.class);
    values.put(Dimension.TENANT, context.tenant());
    values.put(Dimension.PROVIDER, context.target().provider());
    values.put(Dimension.MODEL, context.target().model());
    Optional<Caller> caller = context.caller();
    caller.map(Caller::id).ifPresent(id -> values.put(Dimension.KEY, id));
    caller.flatMap(Caller::teamName).ifPresent(team -> values.put(Dimension.TEAM, team));
    return new Subject(values);
  }

  /** The value in a dimension; empty where there is none. */
  public String value(Dimension dimension) {
    return values.getOrDefault(dimension, "");
  }
}
