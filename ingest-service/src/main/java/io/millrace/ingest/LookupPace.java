package io.millrace.ingest;

/**
 * When to look for a result that may have passed already: soon, then less and less often.
 *
 * @param nextMillis when to look next
 * @param thenMillis how long to wait after that
 */
record LookupPace(long nextMillis, long thenMillis) {

  static final long FIRST_MILLIS = 250;
  static final long MAX_BETWEEN_MILLIS = 5_000;

  /** Never: every result is seen when it comes. */
  static final LookupPace NEVER = new LookupPace(Long.MAX_VALUE, 0);

  /** From now on. */
  static LookupPace from(long nowMillis) {
    return new LookupPace(nowMillis + FIRST_MILLIS, 2 * FIRST_MILLIS);
  }

  /** After one look-up. */
  LookupPace after(long nowMillis) {
    return new LookupPace(nowMillis + thenMillis, Math.min(2 * thenMillis, MAX_BETWEEN_MILLIS));
  }
}
