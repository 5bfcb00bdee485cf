package io.millrace.stages.hooks.tokens;

import io.millrace.stages.hooks.tokens.TokenRatios.Learnt;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Counts the tokens of a few pieces of a long text, spread evenly.
 *
 * <p>It serves a ratio estimator: a weight that is cheap to know for the whole text ({@link
 * TextWeight}) stands for its tokens, and the tokenizer says, of the pieces, how many tokens a
 * weight is. The better weights follow tokens, the less it matters which pieces were met. See W. G.
 * Cochran, Sampling Techniques, 3rd edition, chapter 6. Immutable.
 *
 * @param pieces how many are counted
 * @param phase where the first one is, from 0 to 1 of the distance between two
 */
record TokenSample(int pieces, double phase) {

  /** How long a piece is; up to {@link #MAX_SHIFT} more, to end between words. */
  static final int PIECE_CHARACTERS = 24;

  /** How far a cut is moved to fall between words. */
  static final int MAX_SHIFT = 12;

  /**
   * Counts.
   *
   * @param characters how long the texts are together
   */
  Learnt count(List<String> texts, long characters, ToIntFunction<String> tokenizer) {
    TextWeight weight = new TextWeight();
    long tokens = 0;
    long begin = 0;
    int piece = 0;
    for (String text : texts) {
      long end = begin + text.length();
      int counted = 0;
      for (; piece < pieces && middleOf(piece, characters) < end; piece++) {
        int from = cut(text, Math.max(counted, startOf(piece, characters, begin)));
        int to = cut(text, from + PIECE_CHARACTERS);
        if (from < to) {
          tokens += tokenizer.applyAsInt(text.substring(from, to));
          weight.add(text, from, to);
          counted = to;
        }
      }
      begin = end;
    }
    return new Learnt(tokens, weight.total());
  }

  private long middleOf(int piece, long characters) {
    return Math.min(characters - 1, (long) ((piece + phase) * characters / pieces));
  }

  private int startOf(int piece, long characters, long textBegin) {
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
}
