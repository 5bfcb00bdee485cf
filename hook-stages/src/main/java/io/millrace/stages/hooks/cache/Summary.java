package io.millrace.stages.hooks.cache;

import io.millrace.stages.hooks.state.StateReader;
import io.millrace.stages.hooks.state.StateWriter;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a cache knows of itself under one scope key: how full it is, exactly, and what it counted.
 * Used by one thread.
 */
final class Summary {

  private static final int VERSION = 1;

  private final Counts counts = new Counts();
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
        Iterator<Long> numbers = read.iterator();
        for (Count what : Count.values()) {
          counts.add(what, numbers.hasNext() ? Math.max(0, numbers.next()) : 0);
        }
      }
    } catch (StateReader.UnreadableException e) {
      // The figures begin anew; how full it is becomes exact again when the cache is cleared.
      counts.clear();
    }
  }

  byte[] toBytes() {
    StateWriter out = new StateWriter().number(VERSION);
    out.number(entries).number(bytes).number(known).number(hourMillis).number(fetchedInHour);
    return out.list(List.of(Count.values()), what -> out.number(counts.get(what))).toBytes();
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
    return counts.get(what);
  }

  void add(Count what, long amount) {
    counts.add(what, amount);
  }

  void addAll(Counts more) {
    counts.addAll(more);
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
    counts.clear();
  }
}
