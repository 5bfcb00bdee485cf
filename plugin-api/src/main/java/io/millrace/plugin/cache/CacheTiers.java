package io.millrace.plugin.cache;

import java.time.Duration;

/**
 * How long answers are kept, by how much they are used: what is used often is worth a fresh answer
 * now and then, what is used rarely is worth keeping long.
 *
 * @param hot for answers used often
 * @param warm for answers used now and then
 * @param cold for answers used rarely
 */
public record CacheTiers(Duration hot, Duration warm, Duration cold) {

  /** Five minutes, an hour, a day. */
  public static final CacheTiers DEFAULT =
      new CacheTiers(Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofDays(1));

  /** From so many uses an answer is warm. */
  public static final long WARM_USES = 7;

  /** From so many uses an answer is hot. */
  public static final long HOT_USES = 63;

  /** Checks that each is positive. */
  public CacheTiers {
    if (!hot.isPositive() || !warm.isPositive() || !cold.isPositive()) {
      throw new IllegalArgumentException(
          "hot, warm and cold are positive, not " + hot + ", " + warm + ", " + cold);
    }
  }

  /** How long an answer is kept that was used so often. */
  public Duration of(long uses) {
    if (uses >= HOT_USES) {
      return hot;
    }
    return uses >= WARM_USES ? warm : cold;
  }
}
