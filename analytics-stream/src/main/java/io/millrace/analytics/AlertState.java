package io.millrace.analytics;

/**
 * What is remembered about the alert on one subject.
 *
 * @param severity {@link Severity#NONE} when no alert is open
 * @param openedAtMillis when the open alert began; 0 when there is none
 * @param calmSinceMillis since when things have been better than the severity; {@link #NOT_CALM}
 *     while they are not
 */
record AlertState(Severity severity, long openedAtMillis, long calmSinceMillis) {

  static final long NOT_CALM = -1;

  /** No alert is open. */
  static final AlertState QUIET = new AlertState(Severity.NONE, 0, NOT_CALM);

  boolean open() {
    return severity != Severity.NONE;
  }

  boolean calm() {
    return calmSinceMillis != NOT_CALM;
  }
}
