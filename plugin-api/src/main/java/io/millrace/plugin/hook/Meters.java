package io.millrace.plugin.hook;

import java.time.Duration;
import java.util.Map;

/**
 * Where a hook counts and times. Thread-safe. Names are lower case words joined by dots; the same
 * name always has the same tag keys. Tag values are bounded: past {@link #MAX_SERIES_PER_NAME}
 * combinations of one name, further ones are recorded with every value {@code other}.
 */
public interface Meters {

  /** The most combinations of tag values that one name may have. */
  int MAX_SERIES_PER_NAME = 500;

  /** Adds to a counter. */
  void count(String name, Map<String, String> tags, long amount);

  /** Adds a duration to a timer. */
  void time(String name, Map<String, String> tags, Duration duration);
}
