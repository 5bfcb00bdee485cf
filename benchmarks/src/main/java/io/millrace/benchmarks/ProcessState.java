package io.millrace.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a process holds: what grows when something leaks.
 *
 * @param threads of the platform; virtual ones do not count
 * @param sockets open; 0 where the system does not tell
 * @param heapMib used after a collection
 */
record ProcessState(int threads, int sockets, double heapMib) {

  private static final Path OPEN_FILES = Path.of("/proc/self/fd");
  private static final double MIB = 1 << 20;

  /** This process, now; collects garbage. */
  static ProcessState current() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return new ProcessState(
        ManagementFactory.getThreadMXBean().getThreadCount(),
        openSockets(),
        (runtime.totalMemory() - runtime.freeMemory()) / MIB);
  }

  static ProcessState parse(String text) {
    String[] parts = text.split(" ");
    return new ProcessState(
        Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Double.parseDouble(parts[2]));
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d %d %.1f", threads, sockets, heapMib);
  }

  private static int openSockets() {
    if (!Files.isDirectory(OPEN_FILES)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(OPEN_FILES)) {
      return (int) files.filter(ProcessState::isSocket).count();
    } catch (IOException e) {
      return 0;
    }
  }

  private static boolean isSocket(Path file) {
    try {
      return Files.readSymbolicLink(file).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // it was closed meanwhile
    }
  }
}
