package io.millrace.stages.hooks.redact;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in a prompt for what was taken out, such as {@code [EMAIL_1]}: the same for the same
 * value, and never one that the prompt had already. Used by one thread.
 */
final class Placeholders {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\[([A-Z][A-Z0-9_]{0,63}+)]");

  private final Map<String, String> values = new LinkedHashMap<>();
  private final Map<String, String> namesByValue = new HashMap<>();
  private final Map<String, Integer> lastNumbers = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  /** Notes which placeholders a text has of itself. */
  void avoid(String text) {
    Matcher matcher = PLACEHOLDER.matcher(text);
    while (matcher.find()) {
      taken.add(matcher.group(1));
    }
  }

  /** The placeholder for a value of a kind, in brackets. */
  String of(String kind, String value) {
    String name = namesByValue.computeIfAbsent(kind + ' ' + value, key -> nameFor(kind));
    values.put(name, value);
    return '[' + name + ']';
  }

  /** What each placeholder stands for, by its name. */
  Map<String, String> values() {
    return values;
  }

  /** The text with each placeholder that is known replaced by its value. */
  static String restored(String text, Map<String, String> values) {
    if (text.indexOf('[') < 0) {
      return text;
    }
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(
            match -> Matcher.quoteReplacement(values.getOrDefault(match.group(1), match.group())));
  }

  private String nameFor(String kind) {
    String name;
    do {
      name = kind.toUpperCase(Locale.ROOT) + '_' + lastNumbers.merge(kind, 1, Integer::sum);
    } while (taken.contains(name));
    return name;
  }
}
