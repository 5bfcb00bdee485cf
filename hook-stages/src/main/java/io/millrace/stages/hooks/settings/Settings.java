package io.millrace.stages.hooks.settings;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One section of a hook's configuration, read key by key. Every fault is an {@link
 * IllegalArgumentException} that names the key with its path, what is there and what would be
 * right. A key without a value gives the fallback, or null where a method takes none. Immutable.
 */
public final class Settings {

  private final String path;
  private final SortedMap<String, Object> values;

  private Settings(String path, Map<?, ?> values) {
    this.path = path;
    SortedMap<String, Object> sorted = new TreeMap<>();
    values.forEach((key, value) -> sorted.put(String.valueOf(key), value));
    this.values = Collections.unmodifiableSortedMap(sorted);
  }

  /**
   * A hook's whole configuration.
   *
   * @param known every key there is
   */
  public static Settings of(Map<String, Object> config, String... known) {
    return new Settings("", config).allow(known);
  }

  /** Whether the key has a value. */
  public boolean has(String key) {
    return values.get(key) != null;
  }

  /** The keys that are there, sorted. */
  public Set<String> keys() {
    return values.keySet();
  }

  /** A whole number within bounds, or null. */
  public @Nullable Long integer(String key, long min, long max) {
    Object value = values.get(key);
    if (value == null) {
      return null;
    }
    Long number = value instanceof Number given ? whole(given) : null;
    if (number == null || number < min || number > max) {
      throw wrong(key, "a whole number from " + min + " to " + max);
    }
    return number;
  }

  /** A whole number within bounds. */
  public long integer(String key, long fallback, long min, long max) {
    Long number = integer(key, min, max);
    return number == null ? fallback : number;
  }

  /** A whole number within bounds that must be there. */
  public long requiredInteger(String key, long min, long max) {
    Long number = integer(key, min, max);
    if (number == null) {
      throw wrong(key, "a whole number from " + min + " to " + max);
    }
    return number;
  }

  /** A number within bounds, or null. */
  public @Nullable Double number(String key, double min, double max) {
    Object value = values.get(key);
    if (value == null) {
      return null;
    }
    if (value instanceof Number number
        && number.doubleValue() >= min
        && number.doubleValue() <= max) {
      return number.doubleValue();
    }
    throw wrong(key, "a number from " + plain(min) + " to " + plain(max));
  }

  /** A number within bounds. */
  public double number(String key, double fallback, double min, double max) {
    Double number = number(key, min, max);
    return number == null ? fallback : number;
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
    throw wrong(key, "true or false");
  }

  /** A text, or null. */
  public @Nullable String text(String key, int maxCharacters) {
    Object value = values.get(key);
    if (value == null) {
      return null;
    }
    if (value instanceof String text && !text.isEmpty() && text.length() <= maxCharacters) {
      return text;
    }
    throw wrong(key, textOf(maxCharacters));
  }

  /** A decimal number, as it was written: with or without quotation marks; or null. */
  public @Nullable String decimal(String key, int maxCharacters) {
    if (!(values.get(key) instanceof Number number)) {
      return text(key, maxCharacters);
    }
    return Double.isFinite(number.doubleValue())
        ? new BigDecimal(number.toString()).stripTrailingZeros().toPlainString()
        : number.toString();
  }

  /** A text that must be there. */
  public String requiredText(String key, int maxCharacters) {
    String text = text(key, maxCharacters);
    if (text == null) {
      throw wrong(key, textOf(maxCharacters));
    }
    return text;
  }

  /** A duration, written as {@link DurationText} says, or null. */
  public @Nullable Duration duration(String key, Duration min, Duration max) {
    Object value = values.get(key);
    if (value == null) {
      return null;
    }
    Duration duration = value instanceof String text ? DurationText.parse(text) : null;
    if (duration == null || duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
      throw wrong(
          key,
          "a duration such as 50ms, 30s or 24h, from "
              + DurationText.of(min)
              + " to "
              + DurationText.of(max));
    }
    return duration;
  }

  /** A duration. */
  public Duration duration(String key, Duration fallback, Duration min, Duration max) {
    Duration duration = duration(key, min, max);
    return duration == null ? fallback : duration;
  }

  /** One of an enum's names, in lower case. */
  public <E extends Enum<E>> E oneOf(String key, E fallback) {
    return has(key) ? requiredOneOf(key, fallback.getDeclaringClass()) : fallback;
  }

  /** One of an enum's names, in lower case, that must be there. */
  public <E extends Enum<E>> E requiredOneOf(String key, Class<E> type) {
    List<String> names = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String name = constant.name().toLowerCase(Locale.ROOT);
      if (name.equals(values.get(key))) {
        return constant;
      }
      names.add(name);
    }
    throw wrong(key, "one of " + String.join(", ", names));
  }

  /** A list of texts, empty where there is none. */
  public List<String> texts(String key, int maxEntries, int maxCharacters) {
    List<String> texts = new ArrayList<>();
    for (Object entry : list(key, maxEntries)) {
      if (!(entry instanceof String text) || text.isEmpty() || text.length() > maxCharacters) {
        throw fault(at(key, texts.size()), entry, textOf(maxCharacters));
      }
      texts.add(text);
    }
    return texts;
  }

  /** A list of sections with these keys, empty where there is none. */
  public List<Settings> sections(String key, int maxEntries, String... known) {
    List<Settings> sections = new ArrayList<>();
    for (Object entry : list(key, maxEntries)) {
      sections.add(objectAt(at(key, sections.size()), entry).allow(known));
    }
    return sections;
  }

  /** A section with these keys; without any value where there is none. */
  public Settings section(String key, String... known) {
    return open(key).allow(known);
  }

  /** A section whose keys are names of the user's own; empty where there is none. */
  public Settings named(String key, int maxEntries) {
    Settings section = open(key);
    if (section.values.size() > maxEntries) {
      throw wrong(key, "an object of at most " + maxEntries + " entries");
    }
    return section;
  }

  /** A fault of a key: what it must be, in words that follow "must be". */
  public IllegalArgumentException wrong(String key, String right) {
    return fault(at(key), values.get(key), right);
  }

  /** Where a key is, for messages. */
  public String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private String at(String key, int index) {
    return at(key) + "[" + index + "]";
  }

  private List<?> list(String key, int maxEntries) {
    Object value = values.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list && list.size() <= maxEntries) {
      return list;
    }
    throw wrong(key, "a list of at most " + maxEntries + " entries");
  }

  private Settings allow(String... known) {
    Set<String> unknown = new TreeSet<>(keys());
    Arrays.asList(known).forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "unknown keys "
              + unknown
              + (path.isEmpty() ? "" : " in " + path)
              + "; known: "
              + new TreeSet<>(Arrays.asList(known)));
    }
    return this;
  }

  private Settings open(String key) {
    return objectAt(at(key), has(key) ? values.get(key) : Map.of());
  }

  private static Settings objectAt(String path, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return new Settings(path, map);
    }
    throw fault(path, value, "an object");
  }

  private static IllegalArgumentException fault(String path, @Nullable Object value, String right) {
    return new IllegalArgumentException(
        path
            + (value == null ? " is missing; it" : "")
            + " must be "
            + right
            + (value == null ? "" : ", is '" + value + "'"));
  }

  private static @Nullable Long whole(Number number) {
    try {
      return new BigDecimal(number.toString()).longValueExact();
    } catch (NumberFormatException | ArithmeticException e) {
      return null;
    }
  }

  private static String textOf(int maxCharacters) {
    return "a text of 1 to " + maxCharacters + " characters";
  }

  private static String plain(double bound) {
    return new BigDecimal(String.valueOf(bound)).stripTrailingZeros().toPlainString();
  }
}
