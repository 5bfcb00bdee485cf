package io.millrace.stages.hooks.settings;

/** Patterns in which {@code *} stands for any characters, also none, and all else for itself. */
public final class StarPattern {

  private StarPattern() {}

  /**
   * Whether a name is one of the pattern's. Goes back to the last star only, which is enough: stars
   * are greedy in turn. Takes at most the product of both lengths.
   */
  public static boolean matches(String pattern, String name) {
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
