package io.millrace.stages.hooks.cache;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings read one by one, each fault naming its key.
 *
 * @param path what stands before a key in messages
 * @param values by key
 */
record Setting(String path, Map<String, Object> values) {

  static Setting of(Map<String, Object> config) {
    return new Setting("", config);
  }

  boolean has(String key) {
    return values.get(key) != null;
  }

  Setting section(String key) {
    Object value = values.get(key);
    if (value == null) {
      return new Setting(path + key + ".", Map.of());
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw wrong(key, "an object", value);
    }
    Map<String, Object> section = new HashMap<>();
    map.forEach((name, item) -> section.put(String.valueOf(name), item));
    return new Setting(path + key + ".", section);
  }

  String text(String key, String fallback) {
    Object value = values.get(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof String text && !text.isBlank()) {
      return text;
    }
    throw wrong(key, "a text", value);
  }

  String choice(String key, String fallback, List<String> choices) {
    String value = text(key, fallback);
    if (!choices.contains(value)) {
      throw wrong(key, "one of " + choices, value);
    }
    return value;
  }

  boolean flag(String key, boolean fallback) {
    Object value = values.get(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong(key, "true or false", value);
  }

  long whole(String key, long fallback, long min, long max) {
    Object value = values.get(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Number number
        && number.doubleValue() == number.longValue()
        && number.longValue() >= min
        && number.longValue() <= max) {
      return number.longValue();
    }
    throw wrong(key, "a whole number from " + min + " to " + max, value);
  }

  double real(String key, double fallback, double min, double max) {
    Object value = values.get(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Number number
        && number.doubleValue() >= min
        && number.doubleValue() <= max) {
      return number.doubleValue();
    }
    throw wrong(key, "a number from " + min + " to " + max, value);
  }

  Duration duration(String key, Duration fallback) {
    Object value = values.get(key);
    if (value == null) {
      return fallback;
    }
    if (!(value instanceof String text)) {
      throw wrong(key, DurationText.RIGHT, value);
    }
    try {
      return DurationText.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(path + key + " " + e.getMessage(), e);
    }
  }

  private IllegalArgumentException wrong(String key, String right, Object value) {
    return new IllegalArgumentException(path + key + " must be " + right + ", is '" + value + "'");
  }
}
