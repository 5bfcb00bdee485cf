package io.millrace.stages.hooks.redact;

/** Letters and digits in groups, as people write numbers: with a space or hyphen between them. */
final class DigitRuns {

  private DigitRuns() {}

  /** Where a run may begin: at a letter or digit that does not go on from another one. */
  static boolean begins(String text, int index) {
    return isAlphanumeric(text.charAt(index))
        && (index == 0 || !isAlphanumeric(text.charAt(index - 1)));
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isAlphanumeric(char c) {
    return isDigit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  /** The place after a separator, if there is one at {@code index}; else {@code index}. */
  static int afterSeparator(String text, int index) {
    return index < text.length() && (text.charAt(index) == ' ' || text.charAt(index) == '-')
        ? index + 1
        : index;
  }

  /** Whether nothing goes on from what ends here. */
  static boolean ends(String text, int end) {
    return end == text.length() || !isAlphanumeric(text.charAt(end));
  }
}
