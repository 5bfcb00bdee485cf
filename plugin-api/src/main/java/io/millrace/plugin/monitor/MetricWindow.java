package io.millrace.plugin.monitor;

import java.time.Instant;
import java.util.Map;

/**
 * What the calls of one provider, model and tenant came to in one window of time, after its end.
 * Immutable.
 *
 * @param start the window's start
 * @param end the window's end, exclusive
 * @param provider the provider
 * @param model the model
 * @param tenant the tenant
 * @param requests calls
 * @param errors how many of them failed
 * @param errorsByCode failed calls by error code; copied
 * @param latencyP50Micros median latency of all calls
 * @param latencyP95Micros 95th percentile
 * @param latencyP99Micros 99th percentile
 * @param promptTokens tokens in
 * @param completionTokens tokens out
 * @param costNanos cost in billionths of a US dollar
 */
public record MetricWindow(
    Instant start,
    Instant end,
    String provider,
    String model,
    String tenant,
    long requests,
    long errors,
    Map<String, Long> errorsByCode,
    long latencyP50Micros,
    long latencyP95Micros,
    long latencyP99Micros,
    long promptTokens,
    long completionTokens,
    long costNanos) {

  /** Copies the map. */
  public MetricWindow {
    errorsByCode = Map.copyOf(errorsByCode);
  }

  /** The share of calls that failed, 0 to 1; 0 without calls. */
  public double errorRate() {
    return requests == 0 ? 0 : (double) errors / requests;
  }
}
