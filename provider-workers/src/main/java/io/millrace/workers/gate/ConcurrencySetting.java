package io.millrace.workers.gate;

/**
 * Whether the number of calls at once follows what the provider takes, for each model of it in one
 * process. It is never above the provider's {@code max_in_flight} and never below 1.
 *
 * @param enabled false: only {@code max_in_flight} bounds it
 */
public record ConcurrencySetting(boolean enabled) {

  /** It follows. */
  public static ConcurrencySetting defaults() {
    return new ConcurrencySetting(true);
  }
}
