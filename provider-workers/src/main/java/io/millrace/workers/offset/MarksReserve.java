package io.millrace.workers.offset;

import java.util.BitSet;

/**
 * How long marks can become at most in the run form, whatever is completed; see {@link
 * OffsetTracker}. A number for several offsets is never longer than the numbers for its parts.
 */
final class MarksReserve {

  /** What a stretch of left offsets costs at most, in bytes. */
  static final int STRETCH_BYTES = VarInts.length(CommitMarks.MAX_WINDOW);

  private MarksReserve() {}

  /**
   * The reserve of a window.
   *
   * @param left those of the open offsets that are not taken
   */
  static long bytes(BitSet open, BitSet left, int from, int to) {
    long bytes = 0;
    int at = from;
    while (at < to) {
      int openEnd = open.nextClearBit(at);
      int next = open.nextSetBit(openEnd);
      int doneEnd = next < 0 ? to : next;
      bytes += openBytes(left, at, openEnd);
      bytes += doneEnd > openEnd ? VarInts.length(doneEnd - openEnd) : 0;
      at = doneEnd;
    }
    return bytes;
  }

  /** By how much the reserve grows when one is taken out of a stretch of left offsets. */
  static int takingBytes(BitSet left, int index) {
    int before = 0;
    while (before < STRETCH_BYTES && index > before && left.get(index - 1 - before)) {
      before++;
    }
    int after = 0;
    while (after < STRETCH_BYTES && left.get(index + 1 + after)) {
      after++;
    }
    return before + 1 + after - Math.min(before + 1 + after, STRETCH_BYTES);
  }

  /** By how much it grows at most when so many within such a stretch turn out not to exist. */
  static int forgettingBytes(long count) {
    return STRETCH_BYTES + VarInts.length(count);
  }

  private static long openBytes(BitSet left, int from, int to) {
    long bytes = to - from;
    int start = left.nextSetBit(from);
    while (start >= 0 && start < to) {
      int stop = Math.min(left.nextClearBit(start), to);
      bytes -= Math.max(stop - start - STRETCH_BYTES, 0);
      start = left.nextSetBit(stop);
    }
    return bytes;
  }
}
