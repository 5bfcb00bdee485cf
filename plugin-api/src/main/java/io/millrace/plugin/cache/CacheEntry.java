package io.millrace.plugin.cache;

import java.time.Instant;
import java.util.Objects;

/**
 * What is known of an answer in a cache. Immutable.
 *
 * @param storedAt when the answer came
 * @param lastUsedAt when it was last used, as precisely as the cache writes it down: never later
 *     than the last use, and not before {@code storedAt}
 * @param uses how often it was used, the first time included: an estimate that is right on average
 *     and loses half its value in time; at least 1
 * @param bytes what it takes in the cache's state, above 0
 * @param costNanos what getting it again would cost, in nano-dollars, at least 0
 * @param predicted whether it was fetched ahead and nobody has used it yet
 */
public record CacheEntry(
    Instant storedAt,
    Instant lastUsedAt,
    long uses,
    long bytes,
    long costNanos,
    boolean predicted) {

  /** Checks the bounds. */
  public CacheEntry {
    Objects.requireNonNull(storedAt, "storedAt");
    Objects.requireNonNull(lastUsedAt, "lastUsedAt");
    if (uses < 1 || bytes < 1 || costNanos < 0) {
      throw new IllegalArgumentException(
          "uses and bytes are above 0 and costNanos is not negative: %d, %d, %d"
              .formatted(uses, bytes, costNanos));
    }
  }
}
