package io.millrace.workers.offset;

/**
 * Keeps which records of one partition are done, when they are taken in order and completed in any
 * order. A commit holds the low-water mark (everything below it is done) and marks for what is done
 * beyond it, so whoever goes on from the commit repeats only what was open.
 *
 * <p>Offsets may have gaps (transaction markers, compaction): records come in order, so an offset
 * that was passed over does not exist and counts as done. A record may also be <em>left</em> when
 * it comes: it stays open, and is taken later, out of order, or found to be gone. What the commit
 * of an earlier owner says is open counts as left until it comes.
 *
 * <p>Metadata is bounded. {@link #canTake} holds back before completions, in whatever order they
 * come, could make the marks too long. The reason it can know: in the run form each open offset and
 * each done stretch cost no more when they merge with neighbours than they do apart, so (bytes of
 * the done stretches now) + (one byte for each open offset) is never exceeded later. A stretch of
 * left offsets stays in one piece, so it costs no more than the longest number. In the bitmap form
 * the length depends on the window alone. The lowest open offset may always be taken, for its end
 * can but shorten the marks: so something can be taken while nothing runs.
 *
 * <p>Not thread-safe: one thread owns it.
 */
public final class OffsetTracker {

  /** How far from the low-water mark records may be left: 250 KB of memory for a partition. */
  static final int MAX_AHEAD = 1_000_000;

  private final OpenOffsets offsets;

  /** The next offset that may be taken. */
  private long position;

  private boolean changed;

  private OffsetTracker(long offset, CommitMarks marks, int maxMetadataCharacters) {
    this.position = offset;
    this.offsets = new OpenOffsets(offset, marks, CommitMarks.payloadBytes(maxMetadataCharacters));
    this.changed = offsets.low() != offset;
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

  /** How many bytes of marks fit into a commit, which is how many records may be taken at least. */
  public static int marksBytes(int maxMetadataCharacters) {
    return CommitMarks.payloadBytes(maxMetadataCharacters);
  }

  /**
   * Whether the marks will fit whatever happens after this offset is taken. When not, take nothing
   * more from the partition until something is completed.
   *
   * @param offset one that comes next, or one that is left
   */
  public boolean canTake(long offset) {
    if (offset < position) {
      return offset == offsets.low() || !isLeft(offset) || fits(offsets.takingBytes(offset));
    }
    if (offset >= offsets.end()) {
      int further = gapBytes(offset) + 1 + VarInts.length(offset - offsets.end());
      return nothingBefore() || offsets.fits(offset + 1, further);
    }
    int taking = offsets.isLeft(offset) ? offsets.takingBytes(offset) : 0;
    return nothingBefore() || fits(gapBytes(offset) + taking);
  }

  /**
   * Whether the next record may be left: it is not too far from the low-water mark, and the marks
   * up to it fit as a bitmap, whatever is taken and done: so reading ahead never keeps a record
   * from being taken that could be without.
   */
  public boolean canLeave(long offset) {
    if (nothingBefore()) {
      return true;
    }
    if (offset < offsets.end()) {
      return fits(gapBytes(offset));
    }
    return offset - offsets.low() < MAX_AHEAD && offsets.fitsAsBitmap(offset + 1);
  }

  /**
   * Takes the next record.
   *
   * @param offset not below {@link #position()}
   * @return true to run it, false when it is done already
   */
  public boolean take(long offset) {
    moveTo(offset);
    if (offset >= offsets.end()) {
      offsets.add(offset);
    } else if (offsets.isLeft(offset)) {
      offsets.take(offset);
    }
    position = offset + 1;
    return offsets.isOpen(offset);
  }

  /**
   * Leaves the next record, and with it offsets before it that do not exist: see {@link #forget}.
   *
   * @param offset not below {@link #position()}, and not done
   * @return the first offset that is left by this, at most {@code offset}
   */
  public long leave(long offset) {
    moveTo(offset);
    long first = Math.min(offset, offsets.end());
    if (offset >= offsets.end()) {
      offsets.addLeft(offset);
    }
    require(offsets.isLeft(offset), offset, "open");
    position = offset + 1;
    return first;
  }

  /** Takes a record that was left. */
  public void takeLeft(long offset) {
    require(isLeft(offset), offset, "left");
    offsets.take(offset);
  }

  /** Leaves a record that was taken, and was not begun. */
  public void giveBack(long offset) {
    require(isTaken(offset), offset, "open");
    offsets.leave(offset);
  }

  /** Whether a record that came is left. */
  public boolean isLeft(long offset) {
    return offset < position && offsets.isLeft(offset);
  }

  /** Whether a record that comes next is done already. */
  public boolean isDone(long offset) {
    return offset < offsets.end() && !offsets.isOpen(offset);
  }

  /**
   * Says that no records that were left are in a range: they do not exist, or no longer.
   *
   * @param to at most {@link #position()}
   * @return {@code to}, or up to where it is noted, because the marks might not fit
   */
  public long forget(long from, long to) {
    require(to <= position, to, "read");
    long before = offsets.low();
    long forgotten = offsets.forget(from, to);
    changed = changed || offsets.low() != before;
    return forgotten;
  }

  /** Marks a record done that was taken. */
  public void complete(long offset) {
    require(isTaken(offset), offset, "open");
    offsets.close(offset, offset + 1);
    changed = true;
  }

  /**
   * Says that no record will come from below this offset. Moves the low-water mark past trailing
   * gaps; does nothing while anything is open.
   */
  public void skipTo(long offset) {
    if (offset > position && offsets.isEmpty()) {
      position = offset;
      moveLow(offset);
    }
  }

  /** The next offset that may be taken. */
  public long position() {
    return position;
  }

  /** The low-water mark: nothing below it is open. */
  public long low() {
    return offsets.low();
  }

  /** Whether there is anything to commit since the last {@link #commit()}. */
  public boolean hasProgress() {
    return changed;
  }

  /** What to commit now. */
  public Commit commit() {
    changed = false;
    return new Commit(offsets.low(), offsets.marks().encode(offsets.low()));
  }

  /** Says that the last commit did not go through, so that there is progress again. */
  public void commitFailed() {
    changed = true;
  }

  /** Offsets between the position and the next record do not exist, whatever the marks say. */
  private void moveTo(long offset) {
    if (offset < position) {
      throw new IllegalArgumentException(
          "offset " + offset + " is behind the position " + position);
    }
    long from = Math.max(position, offsets.low());
    long to = Math.min(offset, offsets.end());
    if (from < to) {
      offsets.closeGap(from, to);
      changed = true;
    }
    if (offsets.isEmpty() && offset > offsets.end()) {
      moveLow(offset);
    }
  }

  /** By how much the reserve grows when the offsets before the next record are closed. */
  private int gapBytes(long offset) {
    return offsets.gapBytes(Math.max(position, offsets.low()), Math.min(offset, offsets.end()));
  }

  /** Whether nothing that came is open, so that the next record is the lowest that is. */
  private boolean nothingBefore() {
    return offsets.low() >= position;
  }

  private boolean fits(int further) {
    return further == 0 || offsets.fits(offsets.end(), further);
  }

  private void moveLow(long offset) {
    long before = offsets.low();
    offsets.skipTo(offset);
    changed = changed || offsets.low() != before;
  }

  private boolean isTaken(long offset) {
    return offset < position && offsets.isOpen(offset) && !offsets.isLeft(offset);
  }

  private static void require(boolean condition, long offset, String what) {
    if (!condition) {
      throw new IllegalArgumentException("offset " + offset + " is not " + what);
    }
  }
}
