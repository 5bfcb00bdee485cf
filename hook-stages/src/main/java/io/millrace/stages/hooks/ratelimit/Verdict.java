package io.millrace.stages.hooks.ratelimit;

import java.util.List;

/** What all limits together say to a request. */
sealed interface Verdict {

  /** It goes on, and takes from every limit. */
  record Take() implements Verdict {}

  /**
   * It waits.
   *
   * @param at the limiters that hold it up
   * @param waitMillis about how long, positive
   * @param first whether it is the next to go on at each of them
   */
  record Wait(List<Claim> at, long waitMillis, boolean first) implements Verdict {}

  /**
   * It is refused for now.
   *
   * @param by the limit
   * @param waitMillis when it may be worth another try, positive
   */
  record Refuse(Claim by, long waitMillis) implements Verdict {}

  /**
   * It is refused for good.
   *
   * @param by the limit
   * @param capacity the most that would do
   */
  record TooMuch(Claim by, long capacity) implements Verdict {}
}
