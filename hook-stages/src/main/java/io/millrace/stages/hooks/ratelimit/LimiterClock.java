package io.millrace.stages.hooks.ratelimit;

/**
 * A limiter's time: does not go back with the caller's clock unless that goes back by more than a
 * period, and then says so.
 */
final class LimiterClock {

  private final long periodMillis;
  private long nowMillis;

  LimiterClock(long periodMillis, long nowMillis) {
    this.periodMillis = periodMillis;
    this.nowMillis = nowMillis;
  }

  long nowMillis() {
    return nowMillis;
  }

  /**
   * Follows the caller's clock.
   *
   * @return whether time went back, so that what is dated has to be dated anew
   */
  boolean follow(long callerMillis) {
    if (callerMillis >= nowMillis) {
      nowMillis = callerMillis;
      return false;
    }
    if (nowMillis - callerMillis <= periodMillis) {
      return false;
    }
    nowMillis = callerMillis;
    return true;
  }
}
