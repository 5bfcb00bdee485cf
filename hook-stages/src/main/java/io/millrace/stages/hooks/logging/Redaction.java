package io.millrace.stages.hooks.logging;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes secrets and personal data out of text that goes into a log. Errs on the side of taking out.
 */
final class Redaction {

  /** Longer texts are cut before the patterns see them, in characters. */
  static final int MAX_CHARACTERS = 10_000;

  private static final List<Rule> RULES =
      List.of(
          new Rule("[bearer]", "(?i)\\bbearer\\s+[A-Za-z0-9._~+/=-]{8,512}"),
          new Rule("[key]", "\\b(?:sk|pk|rk|hf|gsk|ghp|xoxb|mrs?)[-_][A-Za-z0-9_-]{8,256}"),
          new Rule(
              "[email]", "[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){1,8}"),
          new Rule("[phone]", "\\+\\d(?:[ ().-]{0,2}\\d){7,14}\\b"),
          new Rule("[card]", "\\b\\d(?:[ -]?\\d){12,18}\\b"),
          new Rule("[ip]", "\\b(?:\\d{1,3}\\.){3}\\d{1,3}\\b"));

  private Redaction() {}

  static String redact(String text) {
    String result =
        text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS) + "…";
    for (Rule rule : RULES) {
      result = rule.pattern().matcher(result).replaceAll(rule.replacement());
    }
    return result;
  }

  private record Rule(String replacement, Pattern pattern) {
    Rule(String replacement, String regex) {
      this(replacement, Pattern.compile(regex));
    }
  }
}
