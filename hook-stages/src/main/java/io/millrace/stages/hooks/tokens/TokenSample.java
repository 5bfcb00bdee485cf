package io.millrace.stages.hooks.tokens;

import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Estimates the tokens of a long text from a few pieces of it, spread evenly.
 *
 * <p>It is a ratio estimator: a weight that is cheap to know for the whole text (words, digits,
 * signs; see {@link #weight}) stands for its tokens, and the tokenizer says, of the pieces, how
 * many tokens a weight is. The better weights follow tokens, the less it matters which pieces were
 * met: the weights need not be right, only right in proportion. See W. G. Cochran, Sampling
 * Techniques, 3rd edition, chapter 6.
 */
final class TokenSample {

  /** How many pieces are counted. */
  static final int PIECES = 8;

  /** How long a piece is; up to {@link #MAX_SHIFT} more, to end between words. */
  static final int PIECE_CHARACTERS = 32;

  /** How far a cut is moved to fall between words. */
  static final int MAX_SHIFT = 12;

  /** Of a longer text lengths stand for weights: it is not read through. */
  static final int MAX_WEIGHED_CHARACTERS = 64 * 1024;

  private static final int WORD = 10;
  private static final int LETTERS_IN_WORD = 6;
  private static final int FURTHER_LETTER = 2;
  private static final int DIGIT = 4;
  private static final int SIGN = 7;
  private static final int IDEOGRAPH = 8;
  private static final int OTHER_LETTER = 4;
  private static final int FIRST_IDEOGRAPH = 0x2E80;

  private final ToIntFunction<String> tokenizer;

  TokenSample(ToIntFunction<String> tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * About how many tokens some texts are.
   *
   * @param characters how long they are together
   */
  long estimate(List<String> texts, long characters) {
    boolean weighed = characters <= MAX_WEIGHED_CHARACTERS;
    long sampledTokens = 0;
    long sampledWeight = 0;
    long allWeight = 0;
    long begin = 0;
    int piece = 0;
    for (String text : texts) {
      allWeight += weight(text, 0, text.length(), weighed);
      long end = begin + text.length();
      int counted = 0;
      for (; piece < PIECES && middleOf(piece, characters) < end; piece++) {
        int from = cut(text, Math.max(counted, startOf(piece, characters, begin)));
        int to = cut(text, from + PIECE_CHARACTERS);
        if (from < to) {
          sampledTokens += tokenizer.applyAsInt(text.substring(from, to));
          sampledWeight += weight(text, from, to, weighed);
          counted = to;
        }
      }
      begin = end;
    }
    // Nothing but blanks has been met: then a blank is a blank.
    return sampledWeight == 0
        ? Math.ceilDiv(characters, 4)
        : Math.ceilDiv(allWeight * sampledTokens, sampledWeight);
  }

  private static long middleOf(int piece, long characters) {
    return (2L * piece + 1) * characters / (2L * PIECES);
  }

  private static int startOf(int piece, long characters, long textBegin) {
    return (int) Math.max(0, middleOf(piece, characters) - PIECE_CHARACTERS / 2 - textBegin);
  }

  /** The next place between words, or as given where there is none near; never inside a pair. */
  private static int cut(String text, int at) {
    int last = Math.min(text.length(), at + MAX_SHIFT);
    for (int i = at; i < last; i++) {
      if (Character.isWhitespace(text.charAt(i))) {
        return i;
      }
    }
    if (at >= text.length()) {
      return text.length();
    }
    return Character.isLowSurrogate(text.charAt(at)) ? at + 1 : at;
  }

  private static long weight(String text, int from, int to, boolean weighed) {
    return weighed ? weight(text, from, to) : to - from;
  }

  /** What stands for tokens: most words are one, long ones and digits more. */
  static long weight(String text, int from, int to) {
    long weight = 0;
    int letters = 0;
    for (int i = from; i < to; i++) {
      char next = text.charAt(i);
      if ((next | 0x20) >= 'a' && (next | 0x20) <= 'z') {
        letters++;
        weight += letters == 1 ? WORD : letters > LETTERS_IN_WORD ? FURTHER_LETTER : 0;
      } else {
        letters = 0;
        weight += weight(next);
      }
    }
    return weight;
  }

  private static int weight(char next) {
    if (next <= ' ') {
      return next == ' ' ? 0 : 2;
    }
    if (next >= FIRST_IDEOGRAPH) {
      return IDEOGRAPH;
    }
    if (next >= 0x80) {
      return OTHER_LETTER;
    }
    return next >= '0' && next <= '9' ? DIGIT : SIGN;
  }
}
