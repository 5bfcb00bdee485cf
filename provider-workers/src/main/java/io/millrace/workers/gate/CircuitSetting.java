package io.millrace.workers.gate;

import java.time.Duration;

/**
 * When the calls to a model stop, and how they come back. For each model of a provider, in one
 * process.
 *
 * @param enabled false: calls are never held back
 * @param failureRate it opens when so large a share of the calls in the window failed, more than 0
 *     to 1
 * @param minCalls but not on fewer calls than this, 1 to {@value #MAX_CALLS}
 * @param consecutiveFailures it opens on so many failures one after the other, 1 to {@value
 *     #MAX_CALLS}
 * @param window how far back calls count, 1 s to 1 h
 * @param openFor how long it stays open the first time, with ±20 % jitter; doubles with every probe
 *     that fails
 * @param maxOpenFor what the doubling stops at
 * @param recoveryStep how long each of the shares 10 %, 25 % and 50 % lasts before all calls pass
 * @param onOpen what becomes of a request that may not be called now
 * @param maxWait the longest it waits; a batch waits up to its deadline
 */
public record CircuitSetting(
    boolean enabled,
    double failureRate,
    int minCalls,
    int consecutiveFailures,
    Duration window,
    Duration openFor,
    Duration maxOpenFor,
    Duration recoveryStep,
    OnOpen onOpen,
    Duration maxWait) {

  /** The most calls that a rule may ask for. */
  public static final int MAX_CALLS = 10_000;

  /** The longest time that any of these may be. */
  public static final Duration MAX_TIME = Duration.ofHours(1);

  private static final Duration MIN_WINDOW = Duration.ofSeconds(1);

  /** What becomes of a request whose model may not be called now. */
  public enum OnOpen {
    /** It ends its attempt at once; a fallback takes over where there is one. */
    FAIL,
    /** The same with a fallback; without one it waits, for that is better than to fail. */
    WAIT
  }

  /** Checks the bounds. */
  public CircuitSetting {
    require(failureRate > 0 && failureRate <= 1, "failureRate must be more than 0, up to 1");
    require(minCalls >= 1 && minCalls <= MAX_CALLS, "minCalls must be 1 to " + MAX_CALLS);
    require(
        consecutiveFailures >= 1 && consecutiveFailures <= MAX_CALLS,
        "consecutiveFailures must be 1 to " + MAX_CALLS);
    require(
        window.compareTo(MIN_WINDOW) >= 0 && window.compareTo(MAX_TIME) <= 0,
        "window must be 1 s to 1 h");
    require(
        openFor.isPositive() && openFor.compareTo(maxOpenFor) <= 0,
        "openFor must be more than 0 and not more than maxOpenFor");
    require(maxOpenFor.compareTo(MAX_TIME) <= 0, "maxOpenFor must be at most 1 h");
    require(
        recoveryStep.isPositive() && recoveryStep.compareTo(MAX_TIME) <= 0,
        "recoveryStep must be more than 0 and at most 1 h");
    require(!maxWait.isNegative(), "maxWait must not be negative");
  }

  /** Opens on half of at least 20 calls in 30 s, or 10 failures in a row; open for 5 s to 2 min. */
  public static CircuitSetting defaults() {
    return new CircuitSetting(
        true,
        0.5,
        20,
        10,
        Duration.ofSeconds(30),
        Duration.ofSeconds(5),
        Duration.ofMinutes(2),
        Duration.ofSeconds(5),
        OnOpen.WAIT,
        Duration.ofSeconds(30));
  }

  /** No circuit. */
  public static CircuitSetting off() {
    CircuitSetting d = defaults();
    return new CircuitSetting(
        false,
        d.failureRate,
        d.minCalls,
        d.consecutiveFailures,
        d.window,
        d.openFor,
        d.maxOpenFor,
        d.recoveryStep,
        d.onOpen,
        d.maxWait);
  }

  private static void require(boolean condition, String rule) {
    if (!condition) {
      throw new IllegalArgumentException("circuit: " + rule);
    }
  }
}
