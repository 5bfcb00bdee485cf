package io.millrace.workers.offset;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Which offsets from a committed offset on are still open, as commit metadata. Within the window
 * every offset that is not open is done. Immutable in use: callers do not change the set.
 *
 * <p>Written as a prefix that names version and form, then Base64 of the shorter of two forms: a
 * <em>bitmap</em> (the window's length, then one bit for each offset, 1 for open) is never longer
 * than an eighth of the window; <em>runs</em> (lengths of open and done stretches by turns, open
 * first) stay short for a long window with few stragglers. Lengths are variable-length integers of
 * seven bits to the byte. Before either stands a CRC-32C of the committed offset and the form's
 * bytes: marks that were damaged, or copied to another offset, would skip records.
 *
 * @param open bit n is the offset n past the committed one
 * @param windowLength the offsets the marks speak of; 0 when there is nothing to mark
 */
record CommitMarks(BitSet open, int windowLength) {

  /** The longest window that marks can speak of, in offsets: 2 MB of memory for a partition. */
  static final int MAX_WINDOW = 1 << 24;

  /** No marks: everything from the committed offset on is yet to do. */
  static final CommitMarks NONE = new CommitMarks(new BitSet(), 0);

  private static final int CHECKSUM_BYTES = Integer.BYTES;
  private static final String BITMAP_PREFIX = "millrace1b:";
  private static final String RUNS_PREFIX = "millrace1r:";

  /** How many bytes of marks fit into so many characters of metadata. */
  static int payloadBytes(int maxMetadataCharacters) {
    return (maxMetadataCharacters - RUNS_PREFIX.length()) / 4 * 3 - CHECKSUM_BYTES;
  }

  /** How long the bitmap form of a window is at most. */
  static int bitmapBytes(long windowLength) {
    return VarInts.length(windowLength) + (int) ((windowLength + 7) / 8);
  }

  /** The metadata: empty when there is nothing to mark. */
  String encode(long committedOffset) {
    if (windowLength == 0) {
      return "";
    }
    byte[] runs = runs();
    return bitmapBytes(windowLength) < runs.length
        ? BITMAP_PREFIX + base64(committedOffset, bitmap())
        : RUNS_PREFIX + base64(committedOffset, runs);
  }

  /** Reads metadata; empty when it is not of this version or damaged. */
  static Optional<CommitMarks> decode(long committedOffset, String metadata) {
    try {
      if (metadata.isEmpty()) {
        return Optional.of(NONE);
      }
      if (metadata.startsWith(BITMAP_PREFIX)) {
        return decodeBitmap(payload(committedOffset, metadata, BITMAP_PREFIX));
      }
      if (metadata.startsWith(RUNS_PREFIX)) {
        return decodeRuns(payload(committedOffset, metadata, RUNS_PREFIX));
      }
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private byte[] bitmap() {
    byte[] bits = open.toByteArray();
    VarInts.Writer writer = new VarInts.Writer(bits.length + 4);
    writer.write(windowLength);
    writer.write(bits);
    return writer.bytes();
  }

  private byte[] runs() {
    VarInts.Writer writer = new VarInts.Writer(64);
    int at = 0;
    while (at < windowLength) {
      int openEnd = open.nextClearBit(at);
      writer.write(openEnd - at);
      if (openEnd >= windowLength) {
        break;
      }
      int next = open.nextSetBit(openEnd);
      at = next < 0 ? windowLength : next;
      writer.write(at - openEnd);
    }
    return writer.bytes();
  }

  private static Optional<CommitMarks> decodeBitmap(byte[] payload) {
    VarInts.Reader reader = new VarInts.Reader(payload);
    int windowLength = reader.read(MAX_WINDOW);
    BitSet open = BitSet.valueOf(reader.rest());
    return open.length() > windowLength
        ? Optional.empty()
        : Optional.of(new CommitMarks(open, windowLength));
  }

  private static Optional<CommitMarks> decodeRuns(byte[] payload) {
    VarInts.Reader reader = new VarInts.Reader(payload);
    BitSet open = new BitSet();
    int at = 0;
    boolean isOpen = true;
    while (!reader.isAtEnd()) {
      int end = at + reader.read(MAX_WINDOW - at);
      if (isOpen) {
        open.set(at, end);
      }
      at = end;
      isOpen = !isOpen;
    }
    return Optional.of(new CommitMarks(open, at));
  }

  private static String base64(long committedOffset, byte[] payload) {
    byte[] framed =
        ByteBuffer.allocate(CHECKSUM_BYTES + payload.length)
            .putInt(checksum(committedOffset, payload))
            .put(payload)
            .array();
    return Base64.getEncoder().withoutPadding().encodeToString(framed);
  }

  private static byte[] payload(long committedOffset, String metadata, String prefix) {
    byte[] framed = Base64.getDecoder().decode(metadata.substring(prefix.length()));
    if (framed.length < CHECKSUM_BYTES) {
      throw new IllegalArgumentException("the marks are cut short");
    }
    byte[] payload = Arrays.copyOfRange(framed, CHECKSUM_BYTES, framed.length);
    if (ByteBuffer.wrap(framed).getInt() != checksum(committedOffset, payload)) {
      throw new IllegalArgumentException("the marks are damaged or of another offset");
    }
    return payload;
  }

  private static int checksum(long committedOffset, byte[] payload) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(committedOffset).flip());
    crc.update(payload);
    return (int) crc.getValue();
  }
}
