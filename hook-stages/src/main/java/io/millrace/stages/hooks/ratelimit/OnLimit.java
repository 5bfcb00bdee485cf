package io.millrace.stages.hooks.ratelimit;

/** What becomes of a request that does not fit. */
enum OnLimit {
  /** It ends with {@code rate_limited}. */
  REJECT,
  /** It waits for its turn, if that comes before its deadline. */
  WAIT
}
