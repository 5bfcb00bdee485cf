package io.millrace.launcher.batch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;

/** Computes a stream's checksum, and on the way that of its beginning. */
final class PrefixChecksum {

  private final CRC32C crc;
  private final long prefixBytes;
  private long seenBytes;
  private int prefixCrc;
  private boolean prefixSeen;

  /** Adds to a checksum that is at its start; notes where it stands after so many bytes. */
  PrefixChecksum(CRC32C crc, long prefixBytes) {
    this.crc = crc;
    this.prefixBytes = prefixBytes;
    this.prefixSeen = prefixBytes == 0;
  }

  /** The same stream, counted in. */
  InputStream over(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        if (count > 0) {
          add(target, offset, count);
        }
        return count;
      }
    };
  }

  private void add(byte[] source, int offset, int count) {
    int before = (int) Math.min(count, Math.max(0, prefixBytes - seenBytes));
    crc.update(source, offset, before);
    if (!prefixSeen && seenBytes + before == prefixBytes) {
      prefixCrc = (int) crc.getValue();
      prefixSeen = true;
    }
    crc.update(source, offset + before, count - before);
    seenBytes += count;
  }

  /** Whether the stream began with exactly this. */
  boolean matches(Checkpoint.Extent expected) {
    return prefixSeen && expected.bytes() == prefixBytes && expected.crc() == prefixCrc;
  }
}
