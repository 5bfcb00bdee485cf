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
 * The program as a process of its own: as it is packaged where it is, with a class cache, else on
 * the test's class path. Its processes are many and live short, so they do without the second
 * compiler and without threads that collect garbage.
 */
public final class Program {

  private Program() {}

  /**
   * A command line; the program's own arguments are to follow.
   *
   * @param options further ones for the JVM, e.g. {@code -Xmx256m}
   */
  public static List<String> command(String... options) {
    List<String> command = jvm();
    command.addAll(ClassCache.options());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "-cp",
            ClassCache.packaged().map(Path::toString).orElseGet(Program::classPath),
            Main.class.getName()));
    return command;
  }

  /** What all have in common; a class cache fits no other compiler and no other collector. */
  static List<String> jvm() {
    return new ArrayList<>(
        List.of(
            Path.of(property("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
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
