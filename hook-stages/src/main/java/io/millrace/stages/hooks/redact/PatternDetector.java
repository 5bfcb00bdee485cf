package io.millrace.stages.hooks.redact;

import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what matches a pattern of this package's own; all its quantifiers are bounded or
 * possessive, so it cannot run away. Thread-safe.
 *
 * @param hint a text of which each match has at least one character or word; it spares the search
 *     in texts that have none, or empty
 */
record PatternDetector(String kind, String hint, Pattern pattern, Predicate<String> confirmed)
    implements Detector {

  static PatternDetector of(String kind, String hint, String regex) {
    return new PatternDetector(kind, hint, Pattern.compile(regex), match -> true);
  }

  /** For what looks like prose where it has no digit. */
  static PatternDetector withDigit(String kind, String hint, String regex) {
    return new PatternDetector(kind, hint, Pattern.compile(regex), PatternDetector::hasDigit);
  }

  @Override
  public void find(String text, Consumer<Finding> found) {
    if (!hint.isEmpty() && !text.contains(hint)) {
      return;
    }
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      if (confirmed.test(matcher.group())) {
        found.accept(Finding.of(matcher.start(), matcher.end(), kind));
      }
    }
  }

  private static boolean hasDigit(String match) {
    return match.chars().anyMatch(c -> c >= '0' && c <= '9');
  }
}
