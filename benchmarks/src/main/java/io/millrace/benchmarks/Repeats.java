package io.millrace.benchmarks;

import java.util.SplittableRandom;

/**
 * Which question each of a number of requests asks: mostly one that was asked before, and of those
 * the first ones most, by Zipf's law with exponent 1. The same seed gives the same questions.
 */
final class Repeats {

  private final int[] questions;
  private final int distinct;

  /**
   * Draws them.
   *
   * @param requests how many
   * @param share how many of them, on average, ask what was asked before, 0 to 1
   */
  Repeats(int requests, double share, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    questions = new int[requests];
    int asked = 0;
    for (int i = 0; i < requests; i++) {
      if (asked == 0 || random.nextDouble() >= share) {
        questions[i] = asked++;
      } else {
        int rank = (int) Math.pow(asked + 1.0, random.nextDouble()) - 1;
        questions[i] = Math.min(rank, asked - 1);
      }
    }
    distinct = asked;
  }

  /** Which question a request asks. */
  int of(long request) {
    return questions[(int) request];
  }

  /** How many questions there are. */
  int distinct() {
    return distinct;
  }
}
