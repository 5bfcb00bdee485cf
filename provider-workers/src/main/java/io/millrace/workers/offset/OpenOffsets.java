package io.millrace.workers.offset;

import java.util.BitSet;

/**
 * The offsets of a partition from the low-water mark to the last that is known of: which are open,
 * and which of those are not taken. Keeps the reserve of {@link MarksReserve}. Not thread-safe.
 */
final class OpenOffsets {

  private final int maxPayloadBytes;

  /** Bit n is the offset {@code base + n}: open, that is neither done nor passed over. */
  private BitSet open;

  /** Which of the open ones are not taken: left, or open since an earlier owner and not read. */
  private BitSet left;

  private long base;

  /** The low-water mark: nothing below it is open. */
  private long low;

  /** One past the last offset that is known of. */
  private long end;

  /** What the marks can come to at most in the run form. */
  private long reservedBytes;

  /** Whether the reserve may be too high; it is never too low. */
  private boolean reserveIsStale;

  OpenOffsets(long offset, CommitMarks marks, int maxPayloadBytes) {
    this.maxPayloadBytes = maxPayloadBytes;
    this.open = (BitSet) marks.open().clone();
    this.left = (BitSet) marks.open().clone();
    this.base = offset;
    this.low = offset;
    this.end = offset + marks.windowLength();
    advanceLow();
    this.reservedBytes = MarksReserve.bytes(open, left, index(low), index(end));
  }

  long low() {
    return low;
  }

  long end() {
    return end;
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  boolean isOpen(long offset) {
    return offset >= low && offset < end && open.get(index(offset));
  }

  boolean isLeft(long offset) {
    return offset >= low && offset < end && left.get(index(offset));
  }

  /** Whether marks fit that reach so far, with so many bytes more in the run form than now. */
  boolean fits(long windowEnd, int further) {
    if (fitsAsBitmap(windowEnd)) {
      return true;
    }
    if (windowEnd - low > CommitMarks.MAX_WINDOW) {
      return false;
    }
    if (reserveIsStale && reservedBytes + further > maxPayloadBytes) {
      reservedBytes = MarksReserve.bytes(open, left, index(low), index(end));
      reserveIsStale = false;
    }
    return reservedBytes + further <= maxPayloadBytes;
  }

  /** Whether marks that reach so far fit in the form whose length depends on nothing else. */
  boolean fitsAsBitmap(long windowEnd) {
    long window = windowEnd - low;
    return window <= CommitMarks.MAX_WINDOW && CommitMarks.bitmapBytes(window) <= maxPayloadBytes;
  }

  /** By how much the reserve grows when a left offset is taken. */
  int takingBytes(long offset) {
    return MarksReserve.takingBytes(left, index(offset));
  }

  /** Moves the window on, while nothing is open. */
  void skipTo(long offset) {
    end = Math.max(end, offset);
    advanceLow();
  }

  /** Opens an offset at or beyond the end; those before it do not exist. */
  void add(long offset) {
    reservedBytes += 1 + (offset > end ? VarInts.length(offset - end) : 0);
    end = offset + 1;
    open.set(index(offset));
    advanceLow();
  }

  /** Opens an offset at or beyond the end and all before it, none of them taken. */
  void addLeft(long offset) {
    reservedBytes += MarksReserve.STRETCH_BYTES;
    reserveIsStale = true;
    open.set(index(end), index(offset + 1));
    left.set(index(end), index(offset + 1));
    end = offset + 1;
  }

  /** Takes one that is left. */
  void take(long offset) {
    reservedBytes += takingBytes(offset);
    reserveIsStale = true;
    left.clear(index(offset));
  }

  /** Leaves one that is taken. */
  void leave(long offset) {
    reserveIsStale = true;
    left.set(index(offset));
  }

  /** By how much the reserve grows at most when a gap is closed. */
  int gapBytes(long from, long to) {
    if (from >= to) {
      return 0;
    }
    int next = open.nextSetBit(index(from));
    return next < 0 || base + next >= to ? 0 : MarksReserve.forgettingBytes(to - from);
  }

  /** Closes offsets from the low-water mark on that do not exist. */
  void closeGap(long from, long to) {
    reservedBytes += gapBytes(from, to);
    close(from, to);
  }

  /** Closes offsets that are done or do not exist. */
  void close(long from, long to) {
    open.clear(index(from), index(to));
    left.clear(index(from), index(to));
    reserveIsStale = true;
    advanceLow();
  }

  /**
   * Closes the offsets of a range that are left, as long as the marks will fit.
   *
   * @return up to where
   */
  long forget(long from, long to) {
    long at = Math.max(from, low);
    while (at < to) {
      int next = left.nextSetBit(index(at));
      if (next < 0 || base + next >= to) {
        return to;
      }
      long start = base + next;
      long stop = Math.min(base + left.nextClearBit(next), to);
      int further = MarksReserve.forgettingBytes(stop - start);
      if (start > low && !fits(end, further)) {
        return start;
      }
      reservedBytes += further;
      close(start, stop);
      at = Math.max(stop, low);
    }
    return to;
  }

  /** A commit without open offsets needs no marks: the low-water mark says it all. */
  CommitMarks marks() {
    if (low == end) {
      return CommitMarks.NONE;
    }
    return new CommitMarks(open.get(index(low), open.length()), (int) (end - low));
  }

  private void advanceLow() {
    int next = open.nextSetBit(index(low));
    long moved = next < 0 ? end : base + next;
    if (moved != low) {
      low = moved;
      trim();
    }
  }

  /** Forgets what lies below the low-water mark once it is most of the set. */
  private void trim() {
    int below = index(low);
    if (open.isEmpty()) {
      open.clear();
      left.clear();
      base = low;
    } else if (below >= 1_024 && below > open.length() / 2) {
      left = left.get(below, open.length());
      open = open.get(below, open.length());
      base = low;
    }
  }

  private int index(long offset) {
    return (int) (offset - base);
  }
}
