package io.millrace.workers.gate;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether a second call is made when an interactive one takes unusually long. The first success
 * wins, of streams the first piece with something to show; the other is given up. Both are recorded
 * and cost.
 *
 * @param enabled off by default: it costs money
 * @param after how long the first call is given to its end, a stream to its first piece; null for
 *     the 95th percentile of what recent calls to the model took for that
 * @param maxShare the most second calls per interactive call of the last minute, 0 to 1
 */
public record HedgeSetting(boolean enabled, @Nullable Duration after, double maxShare) {

  /** Checks the bounds. */
  public HedgeSetting {
    if (after != null && !after.isPositive()) {
      throw new IllegalArgumentException("hedge: after must be more than 0, is " + after);
    }
    if (!(maxShare >= 0 && maxShare <= 1)) {
      throw new IllegalArgumentException("hedge: maxShare must be 0 to 1, is " + maxShare);
    }
  }

  /** Off; above the 95th percentile, one call in twenty. */
  public static HedgeSetting defaults() {
    return new HedgeSetting(false, null, 0.05);
  }
}
