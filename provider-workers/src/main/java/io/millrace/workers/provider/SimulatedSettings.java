package io.millrace.workers.provider;

import java.time.Duration;
import java.util.Map;

/**
 * How a simulated provider behaves. In configuration the names have underscores: {@code
 * latency_ms}.
 *
 * @param seed another seed, other faults, delays and answers
 * @param latency how delays are spread
 * @param latencyMs the delay ({@code fixed}), its least ({@code uniform}) or its median ({@code
 *     lognormal}), 0 to 600,000
 * @param latencyMaxMs the longest delay, 0 to 600,000; {@code fixed} does not use it
 * @param latencySigma the spread of {@code lognormal}, 0 to 5
 * @param tokensPerSecond how fast tokens come after the delay; 0 for all at once
 * @param completionTokens how long answers are, 1 to 100,000; a request's {@code max_tokens} may
 *     cut them
 * @param errorRate share of calls that end with status 500
 * @param rateLimitRate share of calls that end with status 429
 * @param retryAfterMs what those are told to wait; 0 to be told nothing
 * @param timeoutRate share of calls that are never answered
 * @param cutRate share of streams that break off half way
 */
record SimulatedSettings(
    long seed,
    Latency latency,
    long latencyMs,
    long latencyMaxMs,
    double latencySigma,
    double tokensPerSecond,
    int completionTokens,
    double errorRate,
    double rateLimitRate,
    long retryAfterMs,
    double timeoutRate,
    double cutRate) {

  private static final long MAX_MS = Duration.ofMinutes(10).toMillis();

  /** How delays are spread. */
  enum Latency {
    /** Always the same. */
    FIXED,
    /** Anything between least and longest. */
    UNIFORM,
    /** Most near the median, few far above it: what real providers show. */
    LOGNORMAL
  }

  /** Reads settings; every one may be left out. */
  static SimulatedSettings of(Map<String, Object> settings) {
    SettingsReader reader = new SettingsReader(settings);
    long latencyMs = reader.integer("latency_ms", 20, 0, MAX_MS);
    SimulatedSettings read =
        new SimulatedSettings(
            reader.integer("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE),
            reader.word("latency", Latency.class, Latency.FIXED),
            latencyMs,
            reader.integer("latency_max_ms", MAX_MS, latencyMs, MAX_MS),
            reader.number("latency_sigma", 0.5, 0, 5),
            reader.number("tokens_per_second", 0, 0, 1e9),
            (int) reader.integer("completion_tokens", 16, 1, 100_000),
            reader.number("error_rate", 0, 0, 1),
            reader.number("rate_limit_rate", 0, 0, 1),
            reader.integer("retry_after_ms", 1_000, 0, MAX_MS),
            reader.number("timeout_rate", 0, 0, 1),
            reader.number("cut_rate", 0, 0, 1));
    reader.finish();
    return read;
  }
}
