package io.millrace.workers.gate;

import java.time.Duration;
import java.util.Map;

/**
 * What holds calls to a provider back, or doubles them. Immutable.
 *
 * @param circuit when calls stop
 * @param concurrency how many run at once
 * @param hedge when a second call is made
 * @param timeouts the most one call may take, by model, where it differs from the provider's
 */
public record CallControls(
    CircuitSetting circuit,
    ConcurrencySetting concurrency,
    HedgeSetting hedge,
    Map<String, Duration> timeouts) {

  /** Checks the time-outs and copies them. */
  public CallControls {
    timeouts = Map.copyOf(timeouts);
    timeouts.forEach(
        (model, timeout) -> {
          if (!timeout.isPositive()) {
            throw new IllegalArgumentException(
                "the timeout of model %s must be more than 0, is %s".formatted(model, timeout));
          }
        });
  }

  /** Circuit and adaptive concurrency with their defaults, no hedging. */
  public static CallControls defaults() {
    return new CallControls(
        CircuitSetting.defaults(),
        ConcurrencySetting.defaults(),
        HedgeSetting.defaults(),
        Map.of());
  }

  /** These controls with another circuit. */
  public CallControls withCircuit(CircuitSetting replacement) {
    return new CallControls(replacement, concurrency, hedge, timeouts);
  }

  /** These controls with another hedging. */
  public CallControls withHedge(HedgeSetting replacement) {
    return new CallControls(circuit, concurrency, replacement, timeouts);
  }

  /** These controls with other time-outs. */
  public CallControls withTimeouts(Map<String, Duration> replacement) {
    return new CallControls(circuit, concurrency, hedge, replacement);
  }
}
