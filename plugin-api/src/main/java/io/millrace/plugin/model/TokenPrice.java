package io.millrace.plugin.model;

/**
 * What a model's tokens cost, in nano-dollars for each: a price of 1 USD per million tokens is
 * 1,000.
 *
 * @param inputNanosPerToken for each token of the prompt, at least 0
 * @param outputNanosPerToken for each token generated, at least 0
 * @param cachedInputNanosPerToken for each token of the prompt that the provider had cached, at
 *     least 0
 */
public record TokenPrice(
    long inputNanosPerToken, long outputNanosPerToken, long cachedInputNanosPerToken) {

  /** Nothing. */
  public static final TokenPrice FREE = new TokenPrice(0, 0);

  /** Checks that no price is negative. */
  public TokenPrice {
    if (inputNanosPerToken < 0 || outputNanosPerToken < 0 || cachedInputNanosPerToken < 0) {
      throw new IllegalArgumentException("prices must not be negative");
    }
  }

  /** Cached tokens cost as much as others. */
  public TokenPrice(long inputNanosPerToken, long outputNanosPerToken) {
    this(inputNanosPerToken, outputNanosPerToken, inputNanosPerToken);
  }

  /** The cost of a call, in nano-dollars; the largest long where it would overflow. */
  public long costNanos(Usage usage) {
    // A provider that counts more cached tokens than tokens is not to make the price negative.
    long cached = Math.min(usage.cachedPromptTokens(), usage.promptTokens());
    try {
      long prompt =
          Math.addExact(
              Math.multiplyExact(inputNanosPerToken, usage.promptTokens() - cached),
              Math.multiplyExact(cachedInputNanosPerToken, cached));
      return Math.addExact(
          prompt, Math.multiplyExact(outputNanosPerToken, usage.completionTokens()));
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }
}
