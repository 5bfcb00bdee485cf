package io.millrace.launcher.batch;

import io.millrace.launcher.program.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code millrace batch run} as a process of its own, that can be killed. */
final class BatchProcess implements AutoCloseable {

  private static final int MAX_SECONDS = 180;

  private final Process process;
  private final Path log;

  private BatchProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static BatchProcess start(Path log, List<String> arguments) throws IOException {
    List<String> command = Program.command("-Xmx512m");
    command.addAll(List.of("batch", "run"));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    return new BatchProcess(process, log);
  }

  boolean alive() {
    return process.isAlive();
  }

  /** SIGKILL, and wait until it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGTERM, and wait until it is gone. */
  void terminate() throws InterruptedException {
    process.destroy();
    process.waitFor(MAX_SECONDS, TimeUnit.SECONDS);
  }

  int exitCode() throws InterruptedException, IOException {
    if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("still running after " + MAX_SECONDS + " s: " + log());
    }
    return process.exitValue();
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  static long lines(Path file) {
    if (!Files.exists(file)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
