package io.millrace.stages.hooks.shed;

import io.millrace.plugin.hook.PipelineLoad;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where overload begins; at least one bound is set.
 *
 * @param maxQueueDelay of requests between their acceptance and the home stage, or null
 * @param maxOldest age of the oldest exchange under way, or null
 * @param maxOpen exchanges under way, or null
 */
record Bounds(
    @Nullable Duration maxQueueDelay, @Nullable Duration maxOldest, @Nullable Long maxOpen) {

  /** How much of its bound the figure takes that takes most: 1 is the bound itself. */
  Pressure of(PipelineLoad load) {
    Pressure worst = new Pressure("none", 0, 0, 0);
    if (maxQueueDelay != null) {
      worst = worst.or(pressure("queue-delay-ms", load.queueDelay(), maxQueueDelay));
    }
    if (maxOldest != null) {
      worst = worst.or(pressure("oldest-open-ms", load.oldestOpen(), maxOldest));
    }
    if (maxOpen != null) {
      worst = worst.or(pressure("open-exchanges", load.openExchanges(), maxOpen));
    }
    return worst;
  }

  private static Pressure pressure(String signal, Duration value, Duration bound) {
    return pressure(signal, value.toMillis(), bound.toMillis());
  }

  private static Pressure pressure(String signal, long value, long bound) {
    return new Pressure(signal, value, bound, (double) value / bound);
  }

  /**
   * One figure against its bound.
   *
   * @param signal the figure and its unit
   * @param value what it is
   * @param bound what it may be
   * @param ratio the one by the other
   */
  record Pressure(String signal, long value, long bound, double ratio) {

    Pressure or(Pressure other) {
      return other.ratio > ratio ? other : this;
    }
  }
}
