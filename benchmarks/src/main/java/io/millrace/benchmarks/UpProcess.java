package io.millrace.benchmarks;

import io.millrace.launcher.pipeline.RunningPipeline;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** {@code millrace up} in a process of its own, on free ports. */
final class UpProcess implements AutoCloseable {

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
  private static final long POLL_MILLIS = 2;

  private final Process process;
  private final Path dataDir;
  private final Path log;
  private final Thread killer;

  private UpProcess(Process process, Path dataDir, Path log) {
    this.process = process;
    this.dataDir = dataDir;
    this.log = log;
    this.killer = new Thread(process::destroyForcibly, "killer-of-" + process.pid());
    Runtime.getRuntime().addShutdownHook(killer);
  }

  /** The launcher from this process's class path. */
  static List<String> fromClassPath(List<String> jvmOptions) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(ChildProcess.compiler());
    command.addAll(jvmOptions);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "io.millrace.launcher.cli.Main"));
    return command;
  }

  /**
   * Starts it; returns at once.
   *
   * @param launcher the command in front of {@code up}
   * @param environment added to this process's
   * @param further options of {@code up}
   */
  static UpProcess start(
      List<String> launcher, Map<String, String> environment, Path dataDir, List<String> further)
      throws IOException {
    Files.createDirectories(dataDir);
    Path log = dataDir.resolve("up.log");
    List<String> command = new ArrayList<>(launcher);
    command.addAll(List.of("up", "--data-dir", dataDir.toString()));
    command.addAll(List.of("--http-port", "0", "--kafka-port", "0", "--registry-port", "0"));
    command.addAll(further);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return new UpProcess(builder.start(), dataDir, log);
  }

  /** Waits until it says where it answers. */
  URI awaitHttp(Duration timeout) throws InterruptedException, IOException {
    long until = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() < until) {
      Optional<String> http =
          RunningPipeline.find(dataDir).flatMap(found -> Optional.ofNullable(found.http()));
      if (http.isPresent()) {
        return URI.create(http.get());
      }
      if (!process.isAlive()) {
        break;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    throw new IllegalStateException(
        "'millrace up' does not answer; it said:%n%s".formatted(Files.readString(log)));
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly().waitFor();
    }
    Runtime.getRuntime().removeShutdownHook(killer);
  }
}
