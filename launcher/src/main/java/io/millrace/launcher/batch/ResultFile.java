package io.millrace.launcher.batch;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A file of lines that only grows. Opening locks it against a second run, and repairs an end that
 * was cut off in the middle of a line. Not thread-safe.
 */
final class ResultFile implements AutoCloseable {

  private static final int BUFFER_BYTES = 256 * 1024;

  private final Path path;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private final CRC32C crc = new CRC32C();
  private long bytes;
  private boolean broken;

  /** What to do with each line that is in the file already. */
  interface Visitor {
    /** Takes a line without its end; throws {@link BatchException} when it is none of ours. */
    void visit(RawLine line) throws IOException;
  }

  private ResultFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Opens a file, made if need be.
   *
   * @throws BatchException when it cannot be written, is in use, or ends in what no batch wrote
   */
  static ResultFile open(Path path) {
    FileChannel channel = openChannel(path);
    try {
      lock(path, channel);
      LastLine.repair(path, channel);
      return new ResultFile(path, channel);
    } catch (IOException | RuntimeException e) {
      closeAfter(e, channel);
      throw e instanceof BatchException batch ? batch : unwritable(path, e);
    }
  }

  private static void closeAfter(Exception failure, FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static FileChannel openChannel(Path path) {
    if (isStream(path)) {
      throw BatchException.usage(
          path + " is no file on disk; name one, since a later run goes on from the results in it");
    }
    try {
      return FileChannel.open(
          path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  /** Standard output, a pipe, a device: nothing that could be read again. */
  private static boolean isStream(Path path) {
    boolean other = Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
    return other || path.toString().equals("-");
  }

  private static BatchException unwritable(Path path, Exception e) {
    String reason =
        switch (e) {
          case NoSuchFileException missing -> "its folder does not exist";
          case AccessDeniedException denied -> "permission denied";
          case Exception other when Files.isDirectory(path) -> "it is a folder";
          case Exception other -> String.valueOf(other.getMessage());
        };
    return BatchException.usage(
        "cannot write " + path + ": " + reason + "; name a file in a folder you may write to", e);
  }

  private static void lock(Path path, FileChannel channel) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw BatchException.usage(
          path + " is in use by another run; wait for it, or name another output file");
    }
  }

  /**
   * Reads the lines that are here; must come before the first {@link #append}.
   *
   * @param expected what the file may begin with
   * @return whether it does
   */
  boolean read(Checkpoint.Extent expected, int maxLineBytes, Visitor visitor) throws IOException {
    channel.position(0);
    PrefixChecksum checksum = new PrefixChecksum(crc, expected.bytes());
    InputStream in = new BufferedInputStream(checksum.over(Channels.newInputStream(channel)));
    // The reader is not closed: that would close the channel.
    LineReader lines = new LineReader(in, maxLineBytes);
    for (RawLine line = lines.next(); line != null; line = lines.next()) {
      visitor.visit(line);
    }
    bytes = channel.position();
    return checksum.matches(expected);
  }

  /** Adds a line; it may stay in memory until {@link #flush}. */
  void append(byte[] line) {
    write(line);
    write(new byte[] {'\n'});
  }

  private void write(byte[] part) {
    crc.update(part);
    bytes += part.length;
    if (part.length > buffer.remaining()) {
      flush();
    }
    if (part.length > buffer.capacity()) {
      drain(ByteBuffer.wrap(part));
    } else {
      buffer.put(part);
    }
  }

  /** Hands everything to the operating system: a killed process loses none of it. */
  void flush() {
    buffer.flip();
    drain(buffer);
    buffer.clear();
  }

  private void drain(ByteBuffer source) {
    try {
      while (source.hasRemaining()) {
        channel.write(source);
      }
    } catch (IOException e) {
      throw full(e);
    }
  }

  /** Makes everything safe on disk: a power cut loses none of it. */
  Checkpoint.Extent force() {
    flush();
    try {
      channel.force(false);
    } catch (IOException e) {
      throw full(e);
    }
    return new Checkpoint.Extent(bytes, (int) crc.getValue());
  }

  private BatchException full(IOException e) {
    broken = true;
    return BatchException.stopped(
        "cannot write "
            + path
            + ": "
            + e.getMessage()
            + "; make room and run the same command again, it goes on where it stopped",
        e);
  }

  Path path() {
    return path;
  }

  boolean empty() {
    return bytes == 0;
  }

  @Override
  public void close() throws IOException {
    try {
      if (!broken) {
        flush();
      }
    } finally {
      channel.close();
    }
  }
}
