package io.millrace.stages.hooks.ratelimit;

/** What a limiter says to an amount. */
sealed interface Decision {

  /** It fits now. */
  record Fits() implements Decision {}

  /**
   * It fits later, if nobody else comes.
   *
   * @param waitMillis from now, positive
   */
  record Later(long waitMillis) implements Decision {}

  /**
   * It never fits.
   *
   * @param capacity the most that does
   */
  record Never(long capacity) implements Decision {}
}
