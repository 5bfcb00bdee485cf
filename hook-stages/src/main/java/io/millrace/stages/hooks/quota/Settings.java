package io.millrace.stages.hooks.quota;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A hook's configuration, read with care: whatever is wrong is told with the key it stands under.
 * Immutable.
 */
public final class Settings {

  /** The longest text. */
  public static final int MAX_CHARACTERS = 256;

  private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

  private final String path;
  private final Map<?, ?> values;

  private Settings(String path, Map<?, ?> values) {
    this.path = path;
    this.values = values;
  }

  /** A whole configuration. */
  public static Settings of(Map<String, Object> config) {
    return new Settings("", config);
  }

  /**
   * Checks that there is nothing but these keys.
   *
   * @throws IllegalArgumentException naming those unknown and those known
   */
  public Settings onlyKeys(Set<String> known) {
    Set<String> unknown = new TreeSet<>();
    values.keySet().forEach(key -> unknown.add(String.valueOf(key)));
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          (path.isEmpty() ? "" : path + ": ")
              + "unknown keys "
              + unknown
              + "; known: "
              + new TreeSet<>(known));
    }
    return this;
  }

  /** Whether a key is there. */
  public boolean has(String key) {
    return values.get(key) != null;
  }

  /** A text of 1 to {@link #MAX_CHARACTERS} characters, where there is one. */
  public Optional<String> text(String key) {
    Object value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof String text && !text.isEmpty() && text.length() <= MAX_CHARACTERS) {
      return Optional.of(text);
    }
    throw wrong(key, "a text of 1 to " + MAX_CHARACTERS + " characters");
  }

  /** A whole number, where there is one. */
  public Optional<Long> number(String key, long min, long max) {
    Object value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof Number number
        && number.doubleValue() == Math.rint(number.doubleValue())
        && number.doubleValue() >= min
        && number.doubleValue() <= max) {
      return Optional.of(number.longValue());
    }
    throw wrong(key, String.format(Locale.ROOT, "a whole number from %,d to %,d", min, max));
  }

  /** A number from 0 to 1. */
  public double share(String key, double fallback) {
    Object value = values.get(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() <= 1) {
      return number.doubleValue();
    }
    throw wrong(key, "a number from 0 to 1");
  }

  /** True or false. */
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

  /** A duration such as {@code 500ms}, {@code 30s}, {@code 1m}, {@code 24h} or {@code 7d}. */
  public Optional<Duration> duration(String key, Duration min, Duration max) {
    Object value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    Matcher matcher = DURATION.matcher(String.valueOf(value));
    if (matcher.matches()) {
      Duration duration = duration(Long.parseLong(matcher.group(1)), matcher.group(2));
      if (duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0) {
        return Optional.of(duration);
      }
    }
    throw wrong(key, "a duration such as 30s, 1m or 24h, from " + min + " to " + max);
  }

  /** One of an enumeration's names, in lower case. */
  public <E extends Enum<E>> Optional<E> choice(String key, Class<E> type) {
    Optional<String> text = text(key);
    List<String> known = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      String name = constant.name().toLowerCase(Locale.ROOT);
      if (text.isPresent() && name.equals(text.get())) {
        return Optional.of(constant);
      }
      known.add(name);
    }
    if (text.isPresent()) {
      throw wrong(key, "one of " + known);
    }
    return Optional.empty();
  }

  /** What stands under a key that has keys of its own; nothing where there is none. */
  public Settings section(String key) {
    Object value = values.get(key);
    if (value == null) {
      return new Settings(at(key), Map.of());
    }
    if (value instanceof Map<?, ?> section) {
      return new Settings(at(key), section);
    }
    throw wrong(key, "a section with keys of its own");
  }

  /** The sections of a list; empty where there is none. */
  public List<Settings> list(String key, int max) {
    List<Settings> sections = new ArrayList<>();
    for (Object entry : entries(key, max)) {
      if (!(entry instanceof Map<?, ?> section)) {
        throw wrong(key, "a list of sections");
      }
      sections.add(new Settings(at(key) + "[" + sections.size() + "]", section));
    }
    return sections;
  }

  /** The texts of a list; empty where there is none. */
  public List<String> texts(String key, int max) {
    return entries(key, max).stream().map(String::valueOf).toList();
  }

  private List<?> entries(String key, int max) {
    Object value = values.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list && list.size() <= max) {
      return list;
    }
    throw wrong(key, "a list of at most " + max);
  }

  /** An error about one key that says what would be right. */
  public IllegalArgumentException wrong(String key, String right) {
    @Nullable Object value = values.get(key);
    return new IllegalArgumentException(
        at(key)
            + (value == null ? " is missing" : " is '" + value + "'")
            + "; it must be "
            + right);
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static Duration duration(long amount, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(Math.min(amount, 1_000_000));
    };
  }
}
