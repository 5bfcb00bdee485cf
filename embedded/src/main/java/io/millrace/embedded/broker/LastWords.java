package io.millrace.embedded.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.utils.Exit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says why, before the broker ends the process: when it cannot write any more it does so at once
 * and without a word, and the log may be on the same full disk.
 */
final class LastWords {

  private static final Logger log = LoggerFactory.getLogger(LastWords.class);

  /** With less than this a disk counts as full: the broker's indexes grow by so much at once. */
  private static final long FULL_BELOW_BYTES = 16L * 1024 * 1024;

  private LastWords() {}

  /** From here on the process says why it ends, if the broker ends it. */
  static void prepare(Path folder) {
    Exit.setHaltProcedure(
        (status, message) -> {
          String words = of(folder, usableBytes(folder));
          System.err.println("millrace: " + words);
          System.err.flush();
          log.error("{}{}", words, message == null ? "" : " (Kafka says: " + message + ")");
          Runtime.getRuntime().halt(status);
        });
  }

  /**
   * What there is to say.
   *
   * @param usableBytes what is free where the folder is; negative where nobody knows
   */
  static String of(Path folder, long usableBytes) {
    boolean full = usableBytes >= 0 && usableBytes < FULL_BELOW_BYTES;
    String what =
        full
            ? "the disk of %s is full (%d MB are free): make room"
                .formatted(folder.toAbsolutePath(), usableBytes / (1024 * 1024))
            : "the broker cannot write to %s: see the log, and whether the disk is well"
                .formatted(folder.toAbsolutePath());
    return what + ", then start again. The process ends; nothing that was acknowledged is lost.";
  }

  private static long usableBytes(Path folder) {
    try {
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      return -1;
    }
  }
}
