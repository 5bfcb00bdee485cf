package io.millrace.stages.hooks.logging;

import io.millrace.plugin.hook.Hook;
import io.millrace.plugin.hook.HookDescriptor;
import io.millrace.plugin.hook.HookEnvironment;
import io.millrace.plugin.hook.HookFactory;
import io.millrace.stages.hooks.settings.Settings;
import java.util.Map;

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

  @Override
  public HookDescriptor descriptor() {
    return HookDescriptor.of(
            "logging", "Logs a sample of requests and every error as structured, redacted lines.")
        .build();
  }

  @Override
  public Hook create(Map<String, Object> config, HookEnvironment environment) {
    Settings settings = Settings.of(config, SAMPLE, PREVIEW);
    return new LoggingHook(
        settings.number(SAMPLE, DEFAULT_SAMPLE, 0, 1),
        (int) settings.number(PREVIEW, 0, 0, MAX_PREVIEW_CHARACTERS));
  }
}
