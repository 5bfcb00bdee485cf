package io.millrace.embedded.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** Apicurio Registry as a process on a free port, with its schemas in memory. */
final class ApicurioRegistry implements AutoCloseable {

  private static final Pattern LISTENING =
      Pattern.compile("Listening on: (http://127\\.0\\.0\\.1:\\d+)");
  private static final Duration START_LIMIT = Duration.ofSeconds(90);

  private final Process process;
  private final Thread atExit;
  private final String url;

  /**
   * Starts it and waits until it listens.
   *
   * @param home the unpacked distribution
   * @param log where its output goes
   */
  ApicurioRegistry(Path home, Path log) throws IOException {
    process =
        new ProcessBuilder(command())
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    atExit = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      url =
          Awaitility.await("Apicurio listens; see " + log)
                  .atMost(START_LIMIT)
                  .failFast("Apicurio ended; see " + log, () -> !process.isAlive())
                  .until(() -> listening(log), Optional::isPresent)
                  .orElseThrow()
              + "/apis/ccompat/v7";
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.add("-Dquarkus.http.host=127.0.0.1");
    command.add("-Dquarkus.http.port=0");
    for (String what : List.of("group", "artifact", "artifact-version")) {
      command.add("-Dapicurio.rest.deletion." + what + ".enabled=true");
    }
    command.addAll(List.of("-jar", "quarkus-run.jar"));
    return command;
  }

  private static Optional<String> listening(Path log) {
    try {
      Matcher matcher = LISTENING.matcher(Files.readString(log));
      return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The address of the part that speaks Confluent's interface. */
  String url() {
    return url;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().removeShutdownHook(atExit);
  }
}
