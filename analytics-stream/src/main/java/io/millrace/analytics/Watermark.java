package io.millrace.analytics;

import java.time.Duration;

/**
 * How far event time has come in one partition: the latest event seen. While events arrive, only
 * they move it, so a backlog is not late however old it is. Without events for a while it passes as
 * the wall clock does, from that while on, so that the last windows close. It never goes back. Not
 * thread-safe.
 */
final class Watermark {

  private final long idleAfterMillis;
  private long latestEventMillis;
  private long lastSeenAtMillis;
  private long floorMillis;

  /**
   * A watermark.
   *
   * @param idleAfter how long without events until time passes by the wall clock
   * @param restoredMillis where it stood before a restart; 0 when it is new
   * @param nowMillis wall clock
   */
  Watermark(Duration idleAfter, long restoredMillis, long nowMillis) {
    this.idleAfterMillis = idleAfter.toMillis();
    this.latestEventMillis = restoredMillis;
    this.floorMillis = restoredMillis;
    this.lastSeenAtMillis = nowMillis;
  }

  /** Takes note of an event. */
  void observe(long eventMillis, long nowMillis) {
    latestEventMillis = Math.max(latestEventMillis, eventMillis);
    lastSeenAtMillis = nowMillis;
  }

  /** How far event time has come; never less than what it returned before. */
  long at(long nowMillis) {
    long idleMillis = Math.max(0, nowMillis - lastSeenAtMillis - idleAfterMillis);
    floorMillis = Math.max(floorMillis, latestEventMillis + idleMillis);
    return floorMillis;
  }
}
