package io.millrace.stages.hooks.cache;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a cache knows of itself under one scope key: how full it is, exactly, and what it counted.
 * Used by one thread.
 */
final class Summary {

  private static final int VERSION = 1;
  private static final Count[] COUNTS = Count.values();

  private final long[] counts = new long[COUNTS.length];
  private long entries;
  private long bytes;
  private long known;
  private long hourMillis;
  private long fetchedInHour;

  static Summary of(byte @Nullable [] state) {
    Summary summary = new Summary();
    if (state != null) {
      summary.read(new StateReader(state));
    }
    summary.entries = Math.max(0, summary.entries);
    summary.bytes = Math.max(0, summary.bytes);
    summary.known = Math.max(0, summary.known);
    return summary;
  }

  private void read(StateReader in) {
    try {
      if (in.number() == VERSION) {
        entries = in.number();
        bytes = in.number();
        known = in.number();
        hourMillis = in.number();
        fetchedInHour = in.number();
        List<Long> read = in.list(in::number);
        for (int i = 0; i < Math.min(read.size(), counts.length); i++) {
          counts[i] = read.get(i);
        }
      }
    } catch (StateReader.UnreadableException e) {
      // The figures begin anew; how full it is becomes exact again when the cache is cleared.
      Arrays.fill(counts, 0);
    }
  }

  byte[] toBytes() {
    StateWriter out = new StateWriter().number(VERSION);
    out.number(entries).number(bytes).number(known).number(hourMillis).number(fetchedInHour);
    return out.list(Arrays.stream(counts).boxed().toList(), out::number).toBytes();
  }

  long entries() {
    return entries;
  }

  long bytes() {
    return bytes;
  }

  /** How many requests the model of successions knows. */
  long known() {
    return known;
  }

  long count(Count what) {
    return counts[what.ordinal()];
  }

  void add(Count what, long amount) {
    long sum = counts[what.ordinal()] + amount;
    counts[what.ordinal()] = sum < 0 ? Long.MAX_VALUE : sum;
  }

  void added(long entryBytes) {
    entries++;
    bytes += entryBytes;
  }

  void removed(long entryBytes) {
    entries = Math.max(0, entries - 1);
    bytes = Math.max(0, bytes - entryBytes);
  }

  /** There is nothing left, whatever was thought. */
  void emptied() {
    entries = 0;
    bytes = 0;
  }

  void grown(long moreBytes) {
    bytes = Math.max(0, bytes + moreBytes);
  }

  void learned(int requests) {
    known = Math.max(0, known + requests);
  }

  /** Takes one out of a budget for each hour; false when it is spent. */
  boolean fetch(long nowMillis, long perHour) {
    long since = nowMillis - hourMillis;
    if (since < 0 || since >= 3_600_000) {
      hourMillis = nowMillis;
      fetchedInHour = 0;
    }
    if (fetchedInHour >= perHour) {
      return false;
    }
    fetchedInHour++;
    return true;
  }

  /** Forgets what was counted; what is stored stays. */
  void resetCounts() {
    Arrays.fill(counts, 0);
  }
}
