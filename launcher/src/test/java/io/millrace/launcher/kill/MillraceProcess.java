package io.millrace.launcher.kill;

import static org.awaitility.Awaitility.await;

import io.millrace.launcher.program.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One {@code millrace} process that can be killed and started again with the same arguments. */
public final class MillraceProcess implements AutoCloseable {

  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

  private final String name;
  private final Path log;
  private final List<String> command;
  private Process process;

  private MillraceProcess(String name, Path folder, List<String> command) {
    this.name = name;
    this.log = folder.resolve(name + ".log");
    this.command = command;
    this.process = spawn();
  }

  /**
   * Starts a process; does not wait until it is ready.
   *
   * @param folder where its output goes
   * @param heap the most heap it may take, e.g. {@code 256m}
   */
  public static MillraceProcess start(
      String name, Path folder, String heap, List<String> arguments) {
    List<String> command = Program.command("-Xmx" + heap);
    command.addAll(arguments);
    return new MillraceProcess(name, folder, command);
  }

  String name() {
    return name;
  }

  /** SIGKILL: no shutdown hook runs, nothing is flushed. */
  public void kill() {
    process.destroyForcibly();
    join();
  }

  /** Starts it again with the same arguments. */
  public void restart() {
    process = spawn();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Waits for the line that says it is ready; that line is printed once per start. */
  public void awaitReady(int starts) {
    await("readiness of " + name + ", see " + log)
        .atMost(START_TIMEOUT)
        .until(() -> !alive() || readyLines() >= starts);
    if (!alive()) {
      throw new IllegalStateException(name + " ended with " + process.exitValue() + ": " + tail());
    }
  }

  private long readyLines() {
    try (var lines = Files.lines(log)) {
      return lines.filter(line -> line.startsWith("ready:")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String tail() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process spawn() {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void join() {
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException(name + " does not die");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + name, e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
