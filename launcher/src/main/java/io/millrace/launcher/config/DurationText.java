package io.millrace.launcher.config;

import java.time.Duration;

/**
 * Durations as people write them: {@code 250ms}, {@code 30s}, {@code 5m}, {@code 24h}, {@code 7d}.
 *
 * <p>Configuration and hooks read them alike; nine digits at most.
 */
public final class DurationText {

  private DurationText() {}

  /**
   * Reads a duration.
   *
   * @throws IllegalArgumentException when the text is none
   */
  public static Duration parse(String text) {
    Duration duration = io.millrace.stages.hooks.settings.DurationText.parse(text);
    if (duration == null) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a duration such as 250ms, 30s, 5m, 24h or 7d");
    }
    return duration;
  }
}
