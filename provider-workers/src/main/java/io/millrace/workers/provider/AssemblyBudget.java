package io.millrace.workers.provider;

import io.millrace.schemas.openai.InvalidBodyException;

/** Bounds what is put together of the pieces of one answer. For one thread. */
final class AssemblyBudget {

  /** What a value takes besides its text. */
  private static final int PER_VALUE = 16;

  private final int maxCharacters;
  private long used;

  AssemblyBudget(int maxCharacters) {
    this.maxCharacters = maxCharacters;
  }

  /**
   * Notes a value that was not there before.
   *
   * @throws InvalidBodyException when the answer grows past the bound
   */
  void takeValue() throws InvalidBodyException {
    take(PER_VALUE);
  }

  /**
   * Notes text that is kept.
   *
   * @throws InvalidBodyException when the answer grows past the bound
   */
  void take(int characters) throws InvalidBodyException {
    used += characters;
    if (used > maxCharacters) {
      throw new InvalidBodyException(
          "the streamed answer is longer than %d bytes".formatted(maxCharacters), null);
    }
  }
}
