package io.millrace.stages;

import io.millrace.plugin.hook.KeyedState;
import io.millrace.plugin.hook.OperationContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a hook has at hand when an operator asks. What it tells is kept until it is clear that what
 * it did stands. Used by one thread.
 */
final class OperatorContext implements OperationContext {

  /** The most events of one operation. */
  private static final int MAX_EVENTS = 100;

  private final ActiveHook active;
  private final String scopeKey;
  private final Instant now;
  private final @Nullable BufferedState state;
  private final List<Told> told = new ArrayList<>();

  /** An event to be. */
  record Told(String type, Map<String, String> attributes) {}

  /**
   * The context of one call.
   *
   * @param state null for a hook that keeps none
   */
  OperatorContext(ActiveHook active, String scopeKey, Instant now, @Nullable BufferedState state) {
    this.active = active;
    this.scopeKey = scopeKey;
    this.now = now;
    this.state = state;
  }

  @Override
  public String scopeKey() {
    return scopeKey;
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public KeyedState state() {
    if (state == null) {
      throw new IllegalStateException(
          "hook '%s' keeps no state: its descriptor does not say stateBy".formatted(active.name()));
    }
    return state;
  }

  @Override
  public void emit(String type, Map<String, String> attributes) {
    PipelineEvents.check(type, attributes);
    if (told.size() == MAX_EVENTS) {
      throw new IllegalStateException("an operation emits at most " + MAX_EVENTS + " events");
    }
    told.add(new Told(type, Map.copyOf(attributes)));
  }

  /** What the hook told, in order. */
  List<Told> told() {
    return List.copyOf(told);
  }

  /** Throws what the store failed with, whatever the hook made of it. */
  void rethrowFaultOfTheStage() {
    if (state != null) {
      state.rethrowFaultOfTheStage();
    }
  }

  /** Makes what the hook changed stand. */
  void apply() {
    if (state != null) {
      state.apply();
    }
  }
}
