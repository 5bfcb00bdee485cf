package io.millrace.launcher.program;

import io.millrace.launcher.cli.Main;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The program as a process of its own, on the test's class path. Its processes are many and live
 * short, so they do without the second compiler and without threads that collect garbage.
 */
public final class Program {

  private Program() {}

  /**
   * A command line; the program's own arguments are to follow.
   *
   * @param options further ones for the JVM, e.g. {@code -Xmx256m}
   */
  public static List<String> command(String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(property("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", classPath(), Main.class.getName()));
    return command;
  }

  /** Absolute, for processes in a folder of their own. */
  private static String classPath() {
    return Arrays.stream(property("java.class.path").split(File.pathSeparator, -1))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), name);
  }
}
