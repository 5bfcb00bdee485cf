package io.millrace.stages;

import io.millrace.plugin.hook.HookContext;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What came of a call off the stream thread: played back on it, so that notes and events are part
 * of the exchange's transaction.
 *
 * @param result what the hook returned; null where it failed
 * @param failure why it failed
 * @param notes what it noted, by name
 * @param effects what it told and sent, in order
 */
record RemoteAnswer(
    @Nullable Object result,
    @Nullable Throwable failure,
    Map<String, String> notes,
    List<Consumer<HookContext>> effects) {

  /**
   * Does with the stage's own context what the hook did with its copy; returns what it returned.
   */
  <R> @Nullable R playBack(ExchangeContext context, Class<R> type) {
    notes.forEach(context::setAttribute);
    effects.forEach(effect -> effect.accept(context));
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
    return result == null ? null : type.cast(result);
  }
}
