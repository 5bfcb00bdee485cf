package io.millrace.launcher.promises;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A folder with a package from npm, for scripts that stand beside this class. */
record NodeProject(Path folder) {

  private static final Duration LOOK = Duration.ofSeconds(20);
  private static final Duration INSTALL = Duration.ofMinutes(2);
  private static final Duration RUN = Duration.ofSeconds(60);

  /** Installs the package; where npm is missing or cannot fetch it, the test is skipped. */
  static NodeProject with(Path folder, String library) throws InterruptedException {
    NodeProject project = new NodeProject(folder);
    assumeTrue(project.execute(LOOK, "npm", "--version").status() == 0, "no npm");
    Output install = project.execute(INSTALL, "npm", "install", "--no-audit", "--no-fund", library);
    assumeTrue(
        install.status() == 0, () -> "npm cannot install " + library + ": " + install.text());
    return project;
  }

  /** What a script prints, standard error included. */
  String run(String script, String... arguments) throws IOException, InterruptedException {
    try (InputStream source =
        Objects.requireNonNull(NodeProject.class.getResourceAsStream(script), script)) {
      Files.copy(source, folder.resolve(script));
    }
    String[] command =
        Stream.concat(Stream.of("node", script), Stream.of(arguments)).toArray(String[]::new);
    return execute(RUN, command).text();
  }

  private record Output(int status, String text) {}

  private Output execute(Duration timeout, String... command) throws InterruptedException {
    try {
      Path log = folder.resolve("output.txt");
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      return new Output(ended ? process.exitValue() : -1, Files.readString(log));
    } catch (IOException e) {
      return new Output(-1, String.valueOf(e.getMessage()));
    }
  }
}
