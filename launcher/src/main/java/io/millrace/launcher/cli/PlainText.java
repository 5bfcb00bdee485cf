package io.millrace.launcher.cli;

/** Text of others, for a terminal. */
final class PlainText {

  private PlainText() {}

  /**
   * The text with a question mark for each control character, line breaks included: a terminal
   * takes some of them for commands.
   */
  static String of(String text) {
    return text.chars().noneMatch(Character::isISOControl)
        ? text
        : text.codePoints()
            .map(point -> Character.isISOControl(point) ? '?' : point)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
  }
}
