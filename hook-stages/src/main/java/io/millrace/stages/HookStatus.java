package io.millrace.stages;

import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.OnError;

/**
 * A hook of the running chain, as seen at one moment. Immutable.
 *
 * @param name its name in the chain
 * @param descriptor what it says of itself; its name is the kind of hook
 * @param onError what an exception in it does
 * @param enabled whether new attempts go through it
 * @param preRequest calls of {@code preRequest}
 * @param preHook calls of {@code preHook}
 * @param postHook calls of {@code postHook}
 * @param onChunk calls of {@code onChunk}
 * @param shortCircuits how often it answered or failed an attempt in the provider's place
 */
public record HookStatus(
    String name,
    HookDescriptor descriptor,
    OnError onError,
    boolean enabled,
    CallStatistics preRequest,
    CallStatistics preHook,
    CallStatistics postHook,
    CallStatistics onChunk,
    long shortCircuits) {

  /**
   * Calls of one method by this process since it started.
   *
   * @param calls how many
   * @param errors how many of them threw
   * @param slow how many were over the hook's time budget
   * @param meanMicros how long one took on average
   * @param maxMicros how long the longest took
   */
  public record CallStatistics(
      long calls, long errors, long slow, double meanMicros, double maxMicros) {}

  static HookStatus of(ActiveHook active, boolean enabled) {
    HookTally tally = active.tally();
    return new HookStatus(
        active.name(),
        active.descriptor(),
        active.onError(),
        enabled,
        tally.calls(HookDirection.REQUEST).statistics(),
        tally.calls(HookDirection.PRE).statistics(),
        tally.calls(HookDirection.POST).statistics(),
        tally.calls(HookDirection.CHUNK).statistics(),
        tally.shortCircuits());
  }
}
