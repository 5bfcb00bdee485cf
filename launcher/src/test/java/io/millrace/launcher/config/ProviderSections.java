package io.millrace.launcher.config;

import io.millrace.launcher.config.ProviderSection.BudgetSection;
import io.millrace.launcher.config.ProviderSection.CircuitSection;
import io.millrace.launcher.config.ProviderSection.ConcurrencySection;
import io.millrace.launcher.config.ProviderSection.HedgeSection;
import io.millrace.launcher.config.ProviderSection.KeySection;
import io.millrace.launcher.config.ProviderSection.ModelSection;
import io.millrace.launcher.config.ProviderSection.PriceSection;
import io.millrace.launcher.config.ProviderSection.RetrySection;
import io.millrace.workers.gate.CircuitSetting.OnOpen;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Providers as the files of these tests describe them, and their defaults. */
final class ProviderSections {

  private ProviderSections() {}

  static ProviderSection simulatedByDefault() {
    return keyless("simulated", Map.of());
  }

  /** A provider without keys, of which only its own settings are given. */
  static ProviderSection keyless(String type, Map<String, Object> settings) {
    return withDefaults(type, List.of(), false, List.of(), settings);
  }

  static ProviderSection openAiInFull() {
    return withDefaults(
        "openai",
        List.of(),
        true,
        List.of(new KeySection("k", "v", List.of("m"), 2)),
        Map.of(
            "base_url",
            "http://127.0.0.1:1/v1",
            "headers",
            Map.of("x", "y"),
            "connect_timeout_ms",
            101,
            "first_byte_timeout_ms",
            102,
            "idle_timeout_ms",
            103,
            "max_response_bytes",
            1_024));
  }

  /** Its models are named after their files. */
  static ProviderSection engineInFull() {
    return withDefaults(
        "engine",
        List.of("small", "own"),
        false,
        List.of(),
        Map.of(
            "engine",
            "onnx",
            "model_files",
            Map.of(
                "small", Map.of("path", "/models/small.onnx", "max_tokens", 128),
                "own", Map.of("resource", "own.onnx")),
            "threads",
            2,
            "max_concurrent",
            3,
            "max_queued",
            4,
            "preload",
            true,
            "call_events",
            true));
  }

  static ProviderSection simulatedInFull() {
    return new ProviderSection(
        "simulated",
        false,
        29,
        30,
        List.of("m", "d"),
        Map.of("d", describedInFull()),
        false,
        List.of(),
        Map.of("m", new PriceSection(0.15, 0.6, 0.075)),
        8,
        Duration.ofSeconds(9),
        new RetrySection(
            3, Duration.ofMillis(10), Duration.ofSeconds(11), new BudgetSection(0.4, 5)),
        Duration.ofMinutes(12),
        Map.of("m", Duration.ofSeconds(7)),
        new CircuitSection(
            false,
            0.6,
            21,
            22,
            Duration.ofSeconds(23),
            Duration.ofSeconds(24),
            Duration.ofSeconds(25),
            Duration.ofSeconds(26),
            OnOpen.FAIL,
            Duration.ofSeconds(27)),
        new ConcurrencySection(false),
        new HedgeSection(true, "28ms", 0.07),
        Map.ofEntries(
            Map.entry("seed", 13),
            Map.entry("latency", "uniform"),
            Map.entry("latency_ms", 14),
            Map.entry("latency_max_ms", 15),
            Map.entry("latency_sigma", 1.5),
            Map.entry("tokens_per_second", 16),
            Map.entry("completion_tokens", 17),
            Map.entry("error_rate", 0.1),
            Map.entry("rate_limit_rate", 0.2),
            Map.entry("retry_after_ms", 18),
            Map.entry("timeout_rate", 0.3),
            Map.entry("cut_rate", 0.4)));
  }

  private static ModelSection describedInFull() {
    return new ModelSection(
        "d",
        false,
        true,
        false,
        true,
        Set.of("code"),
        0.31,
        0.32,
        Duration.ofSeconds(33),
        Duration.ofSeconds(34),
        35L,
        36L,
        37L,
        38L,
        39,
        40.0,
        new PriceSection(41, 42, null));
  }

  /** What the settings of a type are given to, everything else being at its default. */
  private static ProviderSection withDefaults(
      String type,
      List<String> models,
      boolean discoverModels,
      List<KeySection> keys,
      Map<String, Object> settings) {
    return new ProviderSection(
        type,
        true,
        100,
        1,
        models,
        Map.of(),
        discoverModels,
        keys,
        Map.of(),
        1_000,
        Duration.ofSeconds(60),
        new RetrySection(
            2, Duration.ofMillis(500), Duration.ofSeconds(5), new BudgetSection(0.2, 10)),
        Duration.ofMinutes(5),
        Map.of(),
        circuitByDefault(),
        new ConcurrencySection(true),
        new HedgeSection(false, "p95", 0.05),
        settings);
  }

  private static CircuitSection circuitByDefault() {
    return new CircuitSection(
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
}
