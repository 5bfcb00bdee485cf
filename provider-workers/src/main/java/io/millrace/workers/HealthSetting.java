package io.millrace.workers;

import java.time.Duration;

/**
 * How workers look after providers. Immutable.
 *
 * @param idleAfter how long after a provider's last call, or the last look, it is looked after
 *     again; positive
 * @param interval how often one is looked after that is down, recovers, or did not answer the last
 *     time; positive
 * @param timeout the most a look may take; positive
 */
public record HealthSetting(Duration idleAfter, Duration interval, Duration timeout) {

  /** Checks the bounds. */
  public HealthSetting {
    positive("idleAfter", idleAfter);
    positive("interval", interval);
    positive("timeout", timeout);
  }

  /** After 30 s without calls; every 5 s while it is not well; 5 s for an answer. */
  public static HealthSetting defaults() {
    return new HealthSetting(Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(5));
  }

  private static void positive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " must be more than 0, is " + value);
    }
  }
}
