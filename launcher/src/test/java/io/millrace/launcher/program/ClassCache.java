package io.millrace.launcher.program;

import io.millrace.launcher.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The classes that a start needs, read once by the first process of a test run and mapped by all
 * others, as the launcher script does it: reading them is most of what a short process works. Never
 * more than a convenience: without it a start only takes longer.
 */
final class ClassCache {

  /** From this release on a cache holds more, and fits JVMs with native access. */
  private static final int AHEAD_OF_TIME = 25;

  private static final int PATIENCE_SECONDS = 120;

  private ClassCache() {}

  /** Recorded when it is asked for first; the others wait. */
  private static final class Recorded {

    static final List<String> OPTIONS = packaged().map(ClassCache::record).orElse(List.of());
  }

  /** The program's jar, with {@code lib} beside it; empty where only classes are there. */
  static Optional<Path> packaged() {
    try {
      Path source = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Files.isDirectory(source.resolveSibling("lib"))
          ? Optional.of(source).filter(Files::isRegularFile)
          : Optional.empty();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For every JVM of the program; none where there is no cache. */
  static List<String> options() {
    return Recorded.OPTIONS;
  }

  private static List<String> record(Path jar) {
    boolean aheadOfTime = Runtime.version().feature() >= AHEAD_OF_TIME;
    Path cache = jar.resolveSibling("tested-classes.cache");
    List<String> command = Program.jvm();
    command.add((aheadOfTime ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + cache);
    command.addAll(List.of("-cp", jar.toString(), Main.class.getName(), "self-test"));
    try {
      Files.deleteIfExists(cache);
      if (!succeeds(command, jar.resolveSibling("tested-classes.log")) || !Files.exists(cache)) {
        return List.of();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the class cache was recorded", e);
    }
    // A cache that does not fit is worth no warnings among what the program prints.
    return List.of(
        (aheadOfTime ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + cache, "-Xlog:disable");
  }

  private static boolean succeeds(List<String> command, Path log)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      return false;
    }
    return process.exitValue() == 0;
  }
}
