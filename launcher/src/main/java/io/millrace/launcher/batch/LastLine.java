package io.millrace.launcher.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Repairs a file whose writer was killed in the middle of its last line. */
final class LastLine {

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final int BLOCK_BYTES = 64 * 1024;

  /** More than any result line has. */
  private static final int MAX_BYTES = 64 * 1024 * 1024;

  private LastLine() {}

  /**
   * Cuts off a last line that is not whole, and ends one that is whole but for its line end.
   *
   * @throws BatchException when the last line is nothing that a batch wrote
   */
  static void repair(Path path, FileChannel channel) throws IOException {
    long size = channel.size();
    long start = afterLastLineFeed(channel, size);
    if (start == size) {
      return;
    }
    byte[] tail = tail(path, channel, start, size);
    if (whole(tail)) {
      channel.write(ByteBuffer.wrap(new byte[] {'\n'}), size);
    } else if (ours(tail)) {
      channel.truncate(start);
    } else {
      throw BatchException.usage(
          path + " exists and is not a file of batch results; name another file");
    }
  }

  private static long afterLastLineFeed(FileChannel channel, long size) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
    for (long end = size; end > 0; end -= BLOCK_BYTES) {
      long start = Math.max(0, end - BLOCK_BYTES);
      block.clear().limit((int) (end - start));
      readFully(channel, block, start);
      for (int i = block.limit() - 1; i >= 0; i--) {
        if (block.get(i) == '\n') {
          return start + i + 1;
        }
      }
    }
    return 0;
  }

  private static byte[] tail(Path path, FileChannel channel, long start, long size)
      throws IOException {
    if (size - start > MAX_BYTES) {
      throw BatchException.usage(
          path + " exists and is not a file of batch results; name another file");
    }
    ByteBuffer tail = ByteBuffer.allocate((int) (size - start));
    readFully(channel, tail, start);
    return tail.array();
  }

  private static void readFully(FileChannel channel, ByteBuffer target, long position)
      throws IOException {
    while (target.hasRemaining()) {
      if (channel.read(target, position + target.position()) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
  }

  private static boolean whole(byte[] tail) throws IOException {
    try {
      return MAPPER.readTree(tail).has("custom_id");
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static boolean ours(byte[] tail) {
    byte[] opening = OutputLines.OPENING.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < Math.min(tail.length, opening.length); i++) {
      if (tail[i] != opening[i]) {
        return false;
      }
    }
    return true;
  }
}
