package io.millrace.embedded.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/** The folder of one broker, held by one process at a time through a lock on a file in it. */
final class DataFolder implements AutoCloseable {

  private static final String LOCK_FILE = "broker.lock";
  private static final String LOG_FOLDER = "kafka";

  /** Beyond the text, so that others may read who holds it where locks are mandatory. */
  private static final long LOCK_POSITION = 1L << 40;

  private static final int MAX_HOLDER_BYTES = 1_024;

  private final Path folder;
  private final FileChannel channel;

  private DataFolder(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /** Makes the folder where it is missing and takes the lock. */
  static DataFolder take(Path folder) {
    Path file = folder.resolve(LOCK_FILE);
    try {
      Files.createDirectories(folder.resolve(LOG_FOLDER));
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        String holder = read(channel);
        channel.close();
        throw new EmbeddedBrokerException(
            ("data folder %s is in use by another broker (%s): use that one, stop it first,"
                    + " or choose another folder")
                .formatted(folder.toAbsolutePath(), holder),
            null);
      }
      return new DataFolder(folder, channel);
    } catch (IOException e) {
      throw new EmbeddedBrokerException(
          ("cannot write to data folder %s (%s): make it writable or choose another folder")
              .formatted(folder.toAbsolutePath(), reason(e)),
          e);
    }
  }

  /** Where the broker keeps its logs; formatted on first use. */
  Path formatted() {
    Path logs = folder.resolve(LOG_FOLDER);
    if (Files.exists(logs.resolve("meta.properties"))) {
      return logs;
    }
    try {
      new Formatter()
          .setPrintStream(new java.io.PrintStream(java.io.OutputStream.nullOutputStream()))
          .setNodeId(BrokerSettings.NODE_ID)
          .setClusterId(Uuid.randomUuid().toString())
          .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
          .setMetadataLogDirectory(logs.toString())
          .addDirectory(logs.toString())
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setIgnoreFormatted(true)
          .run();
      return logs;
    } catch (Exception e) {
      throw new EmbeddedBrokerException(
          "cannot prepare data folder %s (%s): check the disk, or choose another folder"
              .formatted(folder.toAbsolutePath(), e.getMessage()),
          e);
    }
  }

  /** Writes down who holds the folder, for whoever is refused. */
  void nameHolder(String address) {
    ByteBuffer text =
        ByteBuffer.wrap(
            "process %d, address %s"
                .formatted(ProcessHandle.current().pid(), address)
                .getBytes(StandardCharsets.UTF_8));
    try {
      channel.truncate(0);
      channel.write(text, 0);
    } catch (IOException e) {
      throw new EmbeddedBrokerException(
          "cannot write to data folder %s (%s): check the disk"
              .formatted(folder.toAbsolutePath(), reason(e)),
          e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock(LOCK_POSITION, 1, false);
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String read(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(MAX_HOLDER_BYTES);
    channel.read(text, 0);
    String holder = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
    return holder.isEmpty() ? "it is just starting" : holder;
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }

  /** Releases the lock. The file stays: deleting it would let two processes lock two files. */
  @Override
  public void close() {
    try {
      channel.truncate(0);
      channel.close();
    } catch (IOException e) {
      throw new EmbeddedBrokerException(
          "cannot release data folder %s (%s)".formatted(folder.toAbsolutePath(), reason(e)), e);
    }
  }
}
