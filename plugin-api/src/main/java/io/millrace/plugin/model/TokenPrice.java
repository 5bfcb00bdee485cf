package io.millrace.plugin.model;

/**
 * What a model's tokens cost, in nano-dollars for each: a price of 1 USD per million tokens is
 * 1,000.
 *
 * @param inputNanosPerToken for each token of the prompt, at least 0
 * @param outputNanosPerToken for each token generated, at least 0
 */
public record TokenPrice(long inputNanosPerToken, long outputNanosPerToken) {

  /** Nothing. */
  public static final TokenPrice FREE = new TokenPrice(0, 0);

  /** Checks that no price is negative. */
  public TokenPrice {
    if (inputNanosPerToken < 0 || outputNanosPerToken < 0) {
      throw new IllegalArgumentException("prices must not be negative");
    }
  }

  /** The cost of a call, in nano-dollars; the largest long where it would overflow. */
  public long costNanos(Usage usage) {
    try {
      return Math.addExact(
          Math.multiplyExact(inputNanosPerToken, usage.promptTokens()),
          Math.multiplyExact(outputNanosPerToken, usage.completionTokens()));
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }
}
