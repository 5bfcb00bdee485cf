package io.millrace.stages;

import io.millrace.plugin.hook.KeyedState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hook's state that keeps what the store itself fails with.
 *
 * @param fault where that is kept
 */
record GuardedState(KeyedState state, StageFault fault) implements KeyedState {

  @Override
  public byte @Nullable [] get(String key) {
    return fault.<byte @Nullable []>guarded(() -> state.get(key));
  }

  @Override
  public void put(String key, byte[] value) {
    fault.guard(() -> state.put(key, value));
  }

  @Override
  public void delete(String key) {
    fault.guard(() -> state.delete(key));
  }

  @Override
  public List<Entry> range(String from, String to, int limit) {
    return fault.guarded(() -> state.range(from, to, limit));
  }
}
