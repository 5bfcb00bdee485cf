package io.millrace.workers.offset;

import java.util.BitSet;

/**
 * Keeps which records of one partition are done, when they are taken in order and completed in any
 * order. A commit holds the low-water mark (everything below it is done) and marks for what is done
 * beyond it, so whoever goes on from the commit repeats only what was open.
 *
 * <p>Offsets may have gaps (transaction markers, compaction): records come in order, so an offset
 * that was passed over does not exist and counts as done.
 *
 * <p>Metadata is bounded. {@link #canTake} holds back before completions, in whatever order they
 * come, could make the marks too long. The reason it can know: in the run form each open offset and
 * each done stretch cost no more when they merge with neighbours than they do apart, so (bytes of
 * the done stretches now) + (one byte for each open offset) is never exceeded later; in the bitmap
 * form the length depends on the window alone.
 *
 * <p>Not thread-safe: one thread owns it.
 */
public final class OffsetTracker {

  private final int maxPayloadBytes;

  /** Bit n is the offset {@code base + n}: open, that is neither done nor passed over. */
  private BitSet open;

  private long base;

  /** The low-water mark: nothing below it is open. */
  private long low;

  /** One past the last offset that this tracker knows of. */
  private long end;

  /** The next offset that may be taken. */
  private long position;

  /** What the marks can come to at most in the run form; see the class comment. */
  private long reservedBytes;

  private boolean reserveIsStale;
  private boolean changed;

  private OffsetTracker(long offset, CommitMarks marks, int maxMetadataCharacters) {
    this.maxPayloadBytes = CommitMarks.payloadBytes(maxMetadataCharacters);
    this.base = offset;
    this.low = offset;
    this.position = offset;
    this.open = (BitSet) marks.open().clone();
    this.end = offset + marks.windowLength();
    advanceLow();
    recomputeReserve();
  }

  /**
   * A tracker that goes on from a commit.
   *
   * @param committed the committed offset and its metadata
   * @param maxMetadataCharacters the most metadata a commit may have; at least 64
   */
  public static OffsetTracker resume(Commit committed, int maxMetadataCharacters) {
    CommitMarks marks =
        CommitMarks.decode(committed.offset(), committed.metadata()).orElse(CommitMarks.NONE);
    return new OffsetTracker(committed.offset(), marks, maxMetadataCharacters);
  }

  /** Whether {@link #resume} understands the metadata; if not, it goes by the offset alone. */
  public static boolean understands(Commit committed) {
    return CommitMarks.decode(committed.offset(), committed.metadata()).isPresent();
  }

  /**
   * Whether the marks will fit whatever happens after this offset is taken. When not, take nothing
   * more from the partition until something is completed.
   */
  public boolean canTake(long offset) {
    if (offset < end || open.isEmpty()) {
      return true;
    }
    long window = offset + 1 - low;
    if (window > CommitMarks.MAX_WINDOW) {
      return false;
    }
    if (CommitMarks.bitmapBytes(window) <= maxPayloadBytes) {
      return true;
    }
    int further = 1 + VarInts.length(offset - end);
    if (reserveIsStale && reservedBytes + further > maxPayloadBytes) {
      recomputeReserve();
    }
    return reservedBytes + further <= maxPayloadBytes;
  }

  /**
   * Takes the next record.
   *
   * @param offset not below {@link #position()}
   * @return true to run it, false when it is done already
   */
  public boolean take(long offset) {
    if (offset < position) {
      throw new IllegalArgumentException(
          "offset " + offset + " is behind the position " + position);
    }
    passOver(offset);
    if (open.isEmpty() && offset > end) {
      end = offset;
      advanceLow();
    }
    if (offset >= end) {
      reservedBytes += 1 + (offset > end ? VarInts.length(offset - end) : 0);
      end = offset + 1;
      open.set(index(offset));
      advanceLow();
    }
    position = offset + 1;
    return offset >= low && open.get(index(offset));
  }

  /** Marks a record done that was taken. */
  public void complete(long offset) {
    if (offset < low || offset >= position || !open.get(index(offset))) {
      throw new IllegalArgumentException("offset " + offset + " is not open");
    }
    open.clear(index(offset));
    changed = true;
    reserveIsStale = true;
    if (offset == low) {
      advanceLow();
    }
  }

  /**
   * Says that no record will come from below this offset. Moves the low-water mark past trailing
   * gaps; does nothing while anything is open.
   */
  public void skipTo(long offset) {
    if (offset > position && open.isEmpty()) {
      position = offset;
      end = Math.max(end, offset);
      advanceLow();
    }
  }

  /** The next offset that may be taken. */
  public long position() {
    return position;
  }

  /** Whether there is anything to commit since the last {@link #commit()}. */
  public boolean hasProgress() {
    return changed;
  }

  /** What to commit now. */
  public Commit commit() {
    changed = false;
    return new Commit(low, marks().encode(low));
  }

  /** Says that the last commit did not go through, so that there is progress again. */
  public void commitFailed() {
    changed = true;
  }

  /** Offsets between the position and the next record do not exist, whatever the marks say. */
  private void passOver(long offset) {
    long from = Math.max(position, low);
    long to = Math.min(offset, end);
    if (from < to) {
      open.clear(index(from), index(to));
      reserveIsStale = true;
      changed = true;
      advanceLow();
    }
  }

  private void advanceLow() {
    int next = open.nextSetBit(index(low));
    long moved = next < 0 ? end : base + next;
    if (moved != low) {
      low = moved;
      changed = true;
      trim();
    }
  }

  /** Forgets what lies below the low-water mark once it is most of the set. */
  private void trim() {
    int below = index(low);
    if (open.isEmpty()) {
      open.clear();
      base = low;
    } else if (below >= 1_024 && below > open.length() / 2) {
      open = open.get(below, open.length());
      base = low;
    }
  }

  private void recomputeReserve() {
    long bytes = 0;
    int at = index(low);
    while (at < index(end)) {
      int openEnd = open.nextClearBit(at);
      int next = open.nextSetBit(openEnd);
      int doneEnd = next < 0 ? index(end) : next;
      bytes += openEnd - at + (doneEnd > openEnd ? VarInts.length(doneEnd - openEnd) : 0);
      at = doneEnd;
    }
    reservedBytes = bytes;
    reserveIsStale = false;
  }

  /** A commit without open offsets needs no marks: the low-water mark says it all. */
  private CommitMarks marks() {
    if (low == end) {
      return CommitMarks.NONE;
    }
    return new CommitMarks(open.get(index(low), open.length()), (int) (end - low));
  }

  private int index(long offset) {
    return (int) (offset - base);
  }
}
