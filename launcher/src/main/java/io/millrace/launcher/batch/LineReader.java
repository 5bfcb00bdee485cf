package io.millrace.launcher.batch;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Splits a stream into lines in constant memory. Lines end with a line feed, with or without a
 * carriage return before it; blank lines are left out, but counted; a byte order mark at the start
 * is dropped. Of a line over the bound only the length is kept. Not thread-safe.
 */
final class LineReader implements AutoCloseable {

  private static final int CHUNK_BYTES = 256 * 1024;

  private final InputStream in;
  private final int maxLineBytes;
  private final byte[] chunk = new byte[CHUNK_BYTES];
  private int chunkStart;
  private int chunkEnd;
  private byte[] line = new byte[4096];
  private int kept;
  private long length;
  private long number;

  /** Reads a stream, which is closed with this reader. */
  LineReader(InputStream in, int maxLineBytes) {
    this.in = in;
    this.maxLineBytes = maxLineBytes;
  }

  /** The next line that is not blank, or null at the end. Blocks while the stream does. */
  @Nullable RawLine next() throws IOException {
    while (readLine()) {
      number++;
      trimLineEnd();
      if (length > maxLineBytes) {
        return new RawLine(number, new byte[0], length);
      }
      int start = number == 1 ? byteOrderMarkLength() : 0;
      if (!blank(start)) {
        return new RawLine(number, Arrays.copyOfRange(line, start, kept), kept - start);
      }
    }
    return null;
  }

  /** Whether there is more to read without waiting, as far as can be told; false at the end. */
  boolean ready() throws IOException {
    return indexOfLineFeed() >= 0 || in.available() > 0;
  }

  /** Reads up to and including the next line feed; false when there is nothing left. */
  private boolean readLine() throws IOException {
    kept = 0;
    length = 0;
    boolean any = false;
    while (chunkStart < chunkEnd || refill()) {
      any = true;
      int feed = indexOfLineFeed();
      take(feed < 0 ? chunkEnd : feed);
      if (feed >= 0) {
        chunkStart = feed + 1;
        return true;
      }
      chunkStart = chunkEnd;
    }
    return any;
  }

  private boolean refill() throws IOException {
    chunkStart = 0;
    chunkEnd = Math.max(0, in.read(chunk));
    return chunkEnd > 0;
  }

  private int indexOfLineFeed() {
    for (int i = chunkStart; i < chunkEnd; i++) {
      if (chunk[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** Keeps one byte more than the bound, so that a carriage return there does not count. */
  private void take(int end) {
    int count = end - chunkStart;
    length += count;
    int keep = Math.min(count, maxLineBytes + 1 - kept);
    if (keep <= 0) {
      return;
    }
    if (kept + keep > line.length) {
      line =
          Arrays.copyOf(line, Math.min(maxLineBytes + 1, Math.max(kept + keep, line.length * 2)));
    }
    System.arraycopy(chunk, chunkStart, line, kept, keep);
    kept += keep;
  }

  private void trimLineEnd() {
    if (kept > 0 && kept == length && line[kept - 1] == '\r') {
      kept--;
      length--;
    }
  }

  private int byteOrderMarkLength() {
    boolean present =
        kept >= 3 && line[0] == (byte) 0xEF && line[1] == (byte) 0xBB && line[2] == (byte) 0xBF;
    return present ? 3 : 0;
  }

  private boolean blank(int start) {
    for (int i = start; i < kept; i++) {
      if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
