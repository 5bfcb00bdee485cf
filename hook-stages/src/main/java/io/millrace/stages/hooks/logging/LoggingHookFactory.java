package io.millrace.stages.hooks.logging;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Creates the {@code logging} hook. Configuration: {@code sample}, the share of requests logged, 0
 * to 1 (default 0.01; errors are always logged), and {@code preview_characters}, how much of a
 * prompt's and an answer's text is shown after redaction, 0 to 2,000 (default 0: none).
 */
public final class LoggingHookFactory implements HookFactory {

  static final double DEFAULT_SAMPLE = 0.01;
  static final int MAX_PREVIEW_CHARACTERS = 2_000;

  private static final String SAMPLE = "sample";
  private static final String PREVIEW = "preview_characters";
  private static final Set<String> KEYS = Set.of(SAMPLE, PREVIEW);

  @Override
  public HookDescriptor descriptor() {
    return HookDescriptor.of(
            "logging", "Logs a sample of requests and every error as structured, redacted lines.")
        .build();
  }

  @Override
  public Hook create(Map<String, Object> config, HookEnvironment environment) {
    Set<String> unknown = new TreeSet<>(config.keySet());
    unknown.removeAll(KEYS);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "unknown keys " + unknown + "; known: " + new TreeSet<>(KEYS));
    }
    double sample = number(config, SAMPLE, DEFAULT_SAMPLE, 1).doubleValue();
    int preview = number(config, PREVIEW, 0, MAX_PREVIEW_CHARACTERS).intValue();
    return new LoggingHook(sample, preview);
  }

  private static Number number(
      Map<String, Object> config, String key, Number fallback, double max) {
    Object value = config.getOrDefault(key, fallback);
    if (value instanceof Number number
        && number.doubleValue() >= 0
        && number.doubleValue() <= max) {
      return number;
    }
    throw new IllegalArgumentException(
        key + " must be a number from 0 to " + max + ", is '" + value + "'");
  }
}
