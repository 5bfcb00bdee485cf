package io.millrace.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A process of this benchmark's own. It speaks in lines on its standard output and ends when its
 * standard input does, so that none is left behind when this process dies.
 */
final class ChildProcess implements AutoCloseable {

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
  private static final int MAX_LOG_CHARACTERS = 4_000;

  private final Process process;
  private final Path log;
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

  private ChildProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    Thread.ofVirtual().name("lines-of-" + process.pid()).start(this::read);
  }

  /** A Java process on this one's class path that runs a command of {@link Benchmarks}. */
  static ChildProcess java(List<String> jvmOptions, List<String> arguments, Path log)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(compiler());
    command.addAll(jvmOptions);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), Benchmarks.class.getName()));
    command.addAll(arguments);
    return of(new ProcessBuilder(command), log);
  }

  /**
   * A child does without the second compiler where this process does: in tests, which are short.
   */
  static List<String> compiler() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("-XX:TieredStopAtLevel="))
        .toList();
  }

  /** Any process that keeps to these manners. */
  static ChildProcess of(ProcessBuilder builder, Path log) throws IOException {
    return new ChildProcess(
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start(), log);
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /**
   * Waits for a line that begins with a word.
   *
   * @return what follows the word
   */
  String await(String word, Duration timeout) throws InterruptedException {
    long until = System.nanoTime() + timeout.toNanos();
    while (true) {
      Optional<String> line = lines.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (line == null) {
        throw failure("said no '%s' within %d s".formatted(word, timeout.toSeconds()));
      }
      if (line.isEmpty()) {
        throw failure("ended without saying '" + word + "'");
      }
      if (line.get().startsWith(word + " ")) {
        return line.get().substring(word.length() + 1);
      }
    }
  }

  /** Sends it an empty line: whatever that means to it. */
  void ask() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** Asks it to end, without waiting. */
  void finish() throws IOException {
    process.getOutputStream().close();
  }

  private void read() {
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(Optional.of(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lines.add(Optional.empty());
    }
  }

  private IllegalStateException failure(String what) {
    String text;
    try {
      text = Files.readString(log);
    } catch (IOException e) {
      text = e.toString();
    }
    int from = Math.max(0, text.length() - MAX_LOG_CHARACTERS);
    return new IllegalStateException(
        "process %d %s; its log ends:%n%s".formatted(process.pid(), what, text.substring(from)));
  }

  @Override
  public void close() throws IOException, InterruptedException {
    finish();
    if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
