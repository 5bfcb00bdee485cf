package io.millrace.schemas.streams;

/** What one stream thread knows about its next commit. Used by that thread alone. */
public final class CommitBeat {

  private static final long MILLIS_PER_SECOND = 1_000;

  private final long intervalMillis;

  /** When an interval ended last. */
  private long endedMillis;

  /** What came since. */
  private long records;

  /** Whether there is something to commit that others wait for. */
  private boolean awaited;

  /** Intervals that ended since the last commit without one. */
  private int skipped;

  CommitBeat(long intervalMillis) {
    this.intervalMillis = intervalMillis;
  }

  /** A record came that others wait for. */
  public void came() {
    records++;
    awaited = true;
  }

  /** Something was done that others wait for, without a record. */
  public void done() {
    awaited = true;
  }

  /**
   * Whether to commit now: at the end of an interval, if there is something to commit.
   *
   * @param nowMillis the clock's time; set back, it ends the interval
   */
  boolean isDue(long nowMillis) {
    long elapsed = nowMillis - endedMillis;
    if (elapsed >= 0 && elapsed < intervalMillis) {
      return false;
    }
    boolean flood =
        elapsed > 0 && records * MILLIS_PER_SECOND / elapsed >= CommitPace.FLOOD_RECORDS_PER_SECOND;
    records = 0;
    endedMillis = nowMillis;
    return commits(flood);
  }

  private boolean commits(boolean flood) {
    if (!awaited || (flood && ++skipped < CommitPace.FLOOD_INTERVALS)) {
      return false;
    }
    awaited = false;
    skipped = 0;
    return true;
  }
}
