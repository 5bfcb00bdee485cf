package io.millrace.engine.onnx;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * Cleans a text and cuts it into words as BERT does ("Pre-training of Deep Bidirectional
 * Transformers", {@code BasicTokenizer} of its code): control characters go, each Chinese character
 * and each punctuation mark is a word of its own. Pure.
 *
 * @param lowercase whether case is given up
 * @param stripAccents whether accents are
 * @param chinese whether Chinese characters are words of their own
 */
record BertText(boolean lowercase, boolean stripAccents, boolean chinese) {

  private static final int REPLACEMENT = 0xFFFD;

  /**
   * The words of a text.
   *
   * @param limit no more than about so many words are cut off: the rest would not be used
   */
  List<String> words(String text, int limit) {
    String clean = cleaned(text);
    if (stripAccents) {
      clean = withoutAccents(clean);
    }
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < clean.length() && words.size() < limit; ) {
      int c = clean.codePointAt(i);
      i += Character.charCount(c);
      boolean mark = isPunctuation(c);
      if (mark || c == ' ') {
        finish(word, words);
      }
      if (mark) {
        words.add(Character.toString(c));
      } else if (c != ' ') {
        word.appendCodePoint(lowercase ? Character.toLowerCase(c) : c);
      }
    }
    finish(word, words);
    return words;
  }

  private static void finish(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  private String cleaned(String text) {
    StringBuilder clean = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              if (isSpace(c)) {
                clean.append(' ');
              } else if (c != 0 && c != REPLACEMENT && !isControl(c)) {
                if (chinese && isChinese(c)) {
                  clean.append(' ').appendCodePoint(c).append(' ');
                } else {
                  clean.appendCodePoint(c);
                }
              }
            });
    return clean.toString();
  }

  private static String withoutAccents(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    Normalizer.normalize(text, Normalizer.Form.NFD)
        .codePoints()
        .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
        .forEach(plain::appendCodePoint);
    return plain.toString();
  }

  private static boolean isSpace(int c) {
    return c == '\t' || c == '\n' || c == '\r' || Character.isSpaceChar(c);
  }

  private static boolean isControl(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> true;
      default -> false;
    };
  }

  /** All ASCII characters that are no letter, digit or space count, also such as $ and ^. */
  private static boolean isPunctuation(int c) {
    if (c < 0x80) {
      return c > ' ' && c < 0x7f && !Character.isLetterOrDigit(c);
    }
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  private static boolean isChinese(int c) {
    return (c >= 0x4E00 && c <= 0x9FFF)
        || (c >= 0x3400 && c <= 0x4DBF)
        || (c >= 0x20000 && c <= 0x2A6DF)
        || (c >= 0x2A700 && c <= 0x2B73F)
        || (c >= 0x2B740 && c <= 0x2B81F)
        || (c >= 0x2B820 && c <= 0x2CEAF)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0x2F800 && c <= 0x2FA1F);
  }
}
