package io.millrace.stages.hooks.mock;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One rule.
 *
 * @param match which requests it is for
 * @param reply what they get
 * @param delay how long they wait for it, or null
 * @param probability the share of those requests that it applies to, 0 to 1
 * @param seed another one draws other lots
 */
record Rule(Match match, Reply reply, @Nullable Duration delay, double probability, long seed) {

  private static final double STEPS = 1L << 53;

  /**
   * Whether the lot falls on this attempt: the same in every process, and each time it is asked, so
   * that a restart changes nothing.
   */
  boolean drawn(String tenant, String requestId, int attempt) {
    if (probability >= 1) {
      return true;
    }
    String lot = seed + "\n" + tenant + "\n" + requestId + "\n" + attempt;
    long bits =
        UUID.nameUUIDFromBytes(lot.getBytes(StandardCharsets.UTF_8)).getLeastSignificantBits();
    return (bits & ((1L << 53) - 1)) / STEPS < probability;
  }
}
