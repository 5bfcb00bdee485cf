package io.millrace.stages.hooks.quota;

import io.millrace.stages.hooks.settings.Settings;
import io.millrace.stages.hooks.settings.StarPattern;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * Which subjects something is for: a pattern for each dimension that matters. In a pattern {@code
 * *} stands for any text. A subject without a value in a dimension meets no pattern for it.
 * Immutable.
 *
 * @param patterns by dimension; none matches everybody
 */
public record Selector(Map<Dimension, String> patterns) {

  /** The longest pattern. */
  public static final int MAX_CHARACTERS = 256;

  /** Matches everybody. */
  public static final Selector ALL = new Selector(Map.of());

  /** Copies the patterns. */
  public Selector {
    patterns = Map.copyOf(patterns);
  }

  /**
   * Reads the patterns of some dimensions.
   *
   * @throws IllegalArgumentException for a value that is no text of 1 to {@link #MAX_CHARACTERS}
   *     characters, naming the key
   */
  public static Selector of(Settings settings, Set<Dimension> allowed) {
    Map<Dimension, String> patterns = new EnumMap<>(Dimension.class);
    for (Dimension dimension : allowed) {
      String pattern = settings.text(dimension.configName(), MAX_CHARACTERS);
      if (pattern != null) {
        patterns.put(dimension, pattern);
      }
    }
    return new Selector(patterns);
  }

  /** Whether a subject is meant. */
  public boolean matches(Subject subject) {
    for (Map.Entry<Dimension, String> entry : patterns.entrySet()) {
      String value = subject.value(entry.getKey());
      if (value.isEmpty() || !StarPattern.matches(entry.getValue(), value)) {
        return false;
      }
    }
    return true;
  }
}
