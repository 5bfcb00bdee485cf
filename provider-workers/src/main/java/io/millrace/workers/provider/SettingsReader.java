package io.millrace.workers.provider;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a provider's settings one by one and says at the end which were not asked for. Every fault
 * names the setting and what would be right.
 */
final class SettingsReader {

  private final Map<String, Object> settings;
  private final TreeSet<String> known = new TreeSet<>();

  SettingsReader(Map<String, Object> settings) {
    this.settings = settings;
  }

  /** A text. */
  String text(String name, String otherwise) {
    Object value = value(name);
    return value == null ? otherwise : asText(name, value);
  }

  /** One of several words. */
  <E extends Enum<E>> E word(String name, Class<E> words, E otherwise) {
    String given = text(name, otherwise.name());
    for (E word : words.getEnumConstants()) {
      if (word.name().equalsIgnoreCase(given)) {
        return word;
      }
    }
    String all =
        java.util.Arrays.stream(words.getEnumConstants())
            .map(word -> word.name().toLowerCase(java.util.Locale.ROOT))
            .collect(Collectors.joining(", "));
    throw fault(name, "one of " + all, given);
  }

  /** A whole number within bounds. */
  long integer(String name, long otherwise, long min, long max) {
    Object value = value(name);
    if (value == null) {
      return otherwise;
    }
    String right = "a whole number from " + min + " to " + max;
    long number = wholeNumber(name, value, right);
    if (number < min || number > max) {
      throw fault(name, right, value);
    }
    return number;
  }

  /** A number within bounds. */
  double number(String name, double otherwise, double min, double max) {
    Object value = value(name);
    if (value == null) {
      return otherwise;
    }
    String right = "a number from " + min + " to " + max;
    double number;
    try {
      number = Double.parseDouble(value.toString());
    } catch (NumberFormatException e) {
      throw fault(name, right, value);
    }
    if (!(number >= min && number <= max)) {
      throw fault(name, right, value);
    }
    return number;
  }

  /** Names with a text each; empty when there are none. */
  Map<String, String> texts(String name) {
    Object value = value(name);
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof Map<?, ?> entries)) {
      throw fault(name, "names with a text each", value);
    }
    Map<String, String> texts = new TreeMap<>();
    entries.forEach((key, text) -> texts.put(asText(name, key), asText(name + "." + key, text)));
    return texts;
  }

  /**
   * Ends the reading.
   *
   * @throws IllegalArgumentException when there are settings that nobody asked for
   */
  void finish() {
    for (String name : settings.keySet()) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "there is no setting '%s': settings are %s".formatted(name, String.join(", ", known)));
      }
    }
  }

  private @Nullable Object value(String name) {
    known.add(name);
    return settings.get(name);
  }

  private static long wholeNumber(String name, Object value, String right) {
    try {
      return Long.parseLong(value.toString());
    } catch (NumberFormatException e) {
      throw fault(name, right, value);
    }
  }

  private static String asText(String name, Object value) {
    if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    throw fault(name, "a text", value);
  }

  private static IllegalArgumentException fault(String name, String right, Object value) {
    return new IllegalArgumentException("%s must be %s, is '%s'".formatted(name, right, value));
  }
}
