package io.millrace.benchmarks;

import java.util.List;
import java.util.Map;

/** The hooks that a scenario's requests go through. */
enum Chain {
  /** Logging and metrics. */
  PLAIN(hook("logging"), hook("metrics")),

  /** What a user without a configuration has: no limits, no budgets. */
  DEFAULT(
      hook("auth"),
      hook("logging"),
      hook("metrics"),
      hook("rate-limit"),
      hook("budget"),
      hook("cache")),

  /** The same with limits and a budget that are never reached, so that they are counted. */
  LIMITED(
      hook("auth"),
      hook("logging"),
      hook("metrics"),
      hook(
          "rate-limit",
          Map.of(
              "limits",
              List.of(
                  Map.of("limit", 100_000_000, "per", "1m"),
                  Map.of("limit", 1_000_000_000, "per", "1m", "unit", "tokens")))),
      hook(
          "budget",
          Map.of(
              "budgets", List.of(Map.of("tenant", "*", "period", "day", "limit_usd", "1000000")))),
      hook("cache"));

  private final List<Map<String, Object>> plugins;

  @SafeVarargs
  Chain(Map<String, Object>... plugins) {
    this.plugins = List.of(plugins);
  }

  /** As the configuration file has it. */
  List<Map<String, Object>> plugins() {
    return plugins;
  }

  private static Map<String, Object> hook(String name) {
    return Map.of("name", name);
  }

  private static Map<String, Object> hook(String name, Map<String, Object> config) {
    return Map.of("name", name, "config", config);
  }
}
