package io.millrace.stages.hooks.tokens;

/**
 * What stands for the tokens of a text and is cheap to know: most words are one token, long ones
 * and digits more, an ideograph nearly one. Right in proportion only; ten are about one token. Used
 * by one thread.
 */
final class TextWeight {

  private static final int WORD = 10;
  private static final int LETTERS_IN_WORD = 6;
  private static final int FURTHER_LETTER = 2;
  private static final int DIGIT = 4;
  private static final int SIGN = 7;
  private static final int IDEOGRAPH = 8;
  private static final int OTHER_LETTER = 4;
  private static final int BREAK = 2;
  private static final int FIRST_IDEOGRAPH = 0x2E80;

  private long total;
  private long words;
  private long ideographs;

  /** What a text mostly is: texts of one nature have about as many tokens for their weight. */
  enum Nature {
    WORDS,
    SIGNS,
    IDEOGRAPHS
  }

  /** Adds a part of a text; words that are cut in two count twice. */
  void add(String text, int from, int to) {
    int letters = 0;
    for (int i = from; i < to; i++) {
      char next = text.charAt(i);
      int lower = next | 0x20;
      if (lower >= 'a' && lower <= 'z') {
        letters++;
        words += letters == 1 ? WORD : letters > LETTERS_IN_WORD ? FURTHER_LETTER : 0;
      } else {
        letters = 0;
        other(next);
      }
    }
  }

  private void other(char next) {
    if (next <= ' ') {
      total += next == ' ' ? 0 : BREAK;
    } else if (next >= FIRST_IDEOGRAPH) {
      ideographs += IDEOGRAPH;
    } else if (next >= 0x80) {
      total += OTHER_LETTER;
    } else {
      total += next >= '0' && next <= '9' ? DIGIT : SIGN;
    }
  }

  long total() {
    return total + words + ideographs;
  }

  Nature nature() {
    if (ideographs * 2 > total()) {
      return Nature.IDEOGRAPHS;
    }
    return words * 4 > total() * 3 ? Nature.WORDS : Nature.SIGNS;
  }
}
