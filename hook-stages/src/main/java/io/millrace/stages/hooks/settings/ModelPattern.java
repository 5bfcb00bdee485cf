package io.millrace.stages.hooks.settings;

import io.millrace.plugin.model.Target;

/**
 * A name of models, in which {@code *} stands for any characters. With a slash it is {@code
 * provider/model}, without one it is the model at any provider. Immutable.
 *
 * @param text as it was written
 */
public record ModelPattern(String text) {

  /** Whether it names the target. */
  public boolean matches(Target target) {
    return matches(text, text.contains("/") ? target.toString() : target.model());
  }

  /** How much it says: of two patterns that match, the one with more counts. */
  public int weight() {
    return 2 * (int) text.chars().filter(c -> c != '*').count() + (text.contains("*") ? 0 : 1);
  }

  /** Linear but for the stars: goes back to the last one only. */
  static boolean matches(String pattern, String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int resume = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = n;
      } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
