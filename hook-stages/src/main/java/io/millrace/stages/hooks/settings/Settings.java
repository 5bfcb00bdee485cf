package io.millrace.stages.hooks.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One object of a hook's configuration, read key by key. Every fault is an {@link
 * IllegalArgumentException} that names the key, what is there and what would be right. Immutable.
 */
public final class Settings {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private final String path;
  private final Map<String, Object> values;

  private Settings(String path, Map<?, ?> values) {
    this.path = path;
    this.values = new TreeMap<>();
    values.forEach((key, value) -> this.values.put(String.valueOf(key), value));
  }

  /**
   * A hook's whole configuration.
   *
   * @param known every key there is
   */
  public static Settings of(Map<String, Object> config, String... known) {
    Settings settings = new Settings("", config);
    settings.allow(known);
    return settings;
  }

  /** Whether the key has a value. */
  public boolean has(String key) {
    return values.get(key) != null;
  }

  /** The keys that are there, sorted. */
  public Set<String> keys() {
    return values.keySet();
  }

  /** A whole number within bounds. */
  public long integer(String key, long fallback, long min, long max) {
    Object value = values.get(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Number number
        && number.doubleValue() == Math.rint(number.doubleValue())
        && number.doubleValue() >= min
        && number.doubleValue() <= max
        && number.longValue() >= min
        && number.longValue() <= max) {
      return number.longValue();
    }
    throw wrong(key, value, String.format(Locale.ROOT, "a whole number from %d to %d", min, max));
  }

  /** A number within bounds. */
  public double number(String key, double fallback, double min, double max) {
    Object value = values.get(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Number number
        && number.doubleValue() >= min
        && number.doubleValue() <= max) {
      return number.doubleValue();
    }
    throw wrong(key, value, "a number from " + min + " to " + max);
  }

  /** Yes or no. */
  public boolean flag(String key, boolean fallback) {
    Object value = values.get(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong(key, value, "true or false");
  }

  /** A text, or null where there is none. */
  public @Nullable String text(String key, int maxCharacters) {
    Object value = values.get(key);
    if (value == null) {
      return null;
    }
    if (value instanceof String text && !text.isEmpty() && text.length() <= maxCharacters) {
      return text;
    }
    throw wrong(key, value, "a text of 1 to " + maxCharacters + " characters");
  }

  /** A text that must be there. */
  public String requiredText(String key, int maxCharacters) {
    String text = text(key, maxCharacters);
    if (text == null) {
      throw new IllegalArgumentException(at(key) + " is missing");
    }
    return text;
  }

  /** A duration, written as 50ms, 5s, 2m, 1h or 1d; or null where there is none. */
  public @Nullable Duration duration(String key, Duration min, Duration max) {
    Object value = values.get(key);
    if (value == null) {
      return null;
    }
    Duration duration = value instanceof String text ? parse(text) : null;
    if (duration == null || duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
      throw wrong(
          key,
          value,
          "a duration such as 50ms, 5s, 2m or 1h, from %d ms to %d ms"
              .formatted(min.toMillis(), max.toMillis()));
    }
    return duration;
  }

  /** One of an enum's names, in lower case. */
  public <E extends Enum<E>> E oneOf(String key, E fallback) {
    Object value = values.get(key);
    if (value == null) {
      return fallback;
    }
    E[] constants = fallback.getDeclaringClass().getEnumConstants();
    return Arrays.stream(constants)
        .filter(constant -> wireName(constant).equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    key,
                    value,
                    "one of "
                        + Arrays.stream(constants)
                            .map(Settings::wireName)
                            .collect(Collectors.joining(", "))));
  }

  /** A list of texts, empty where there is none. */
  public List<String> texts(String key, int maxEntries, int maxCharacters) {
    List<String> texts = new ArrayList<>();
    for (Object entry : list(key, maxEntries)) {
      if (!(entry instanceof String text) || text.isEmpty() || text.length() > maxCharacters) {
        throw wrong(key, entry, "a list of texts of 1 to " + maxCharacters + " characters");
      }
      texts.add(text);
    }
    return texts;
  }

  /** A list of objects, empty where there is none. */
  public List<Settings> objects(String key, int maxEntries, String... known) {
    List<Settings> objects = new ArrayList<>();
    List<?> list = list(key, maxEntries);
    for (int i = 0; i < list.size(); i++) {
      objects.add(object(at(key) + "[" + i + "]", list.get(i), known));
    }
    return objects;
  }

  /** An object, or null where there is none. */
  public @Nullable Settings object(String key, String... known) {
    Object value = values.get(key);
    return value == null ? null : object(at(key), value, known);
  }

  /** An object whose keys are names of the user's own, or null where there is none. */
  public @Nullable Settings named(String key, int maxEntries) {
    Object value = values.get(key);
    if (value == null) {
      return null;
    }
    if (!(value instanceof Map<?, ?> map) || map.size() > maxEntries) {
      throw wrong(key, value, "an object of at most " + maxEntries + " entries");
    }
    return new Settings(at(key), map);
  }

  /** A fault of a key. */
  public IllegalArgumentException wrong(String key, @Nullable Object value, String right) {
    return new IllegalArgumentException(at(key) + " must be " + right + ", is '" + value + "'");
  }

  /** Where a key is, for messages. */
  public String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static Settings object(String path, @Nullable Object value, String... known) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(path + " must be an object, is '" + value + "'");
    }
    Settings settings = new Settings(path, map);
    settings.allow(known);
    return settings;
  }

  private List<?> list(String key, int maxEntries) {
    Object value = values.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list && list.size() <= maxEntries) {
      return list;
    }
    throw wrong(key, value, "a list of at most " + maxEntries + " entries");
  }

  private void allow(String... known) {
    Set<String> unknown = new TreeSet<>(values.keySet());
    Arrays.asList(known).forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "unknown keys "
              + unknown
              + (path.isEmpty() ? "" : " in " + path)
              + "; known: "
              + new TreeSet<>(Arrays.asList(known)));
    }
  }

  private static String wireName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable Duration parse(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
