package io.millrace.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.launcher.program.Program;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands as real processes, against a pipeline that another process runs. */
class UpCommandIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir private Path folder;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void stopAll() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void shouldServeOtherCommandsUntilItIsStopped() throws Exception {
    Process up = start("up", "--kafka-port", "0", "--registry-port", "0", "--http-port", "0");
    await()
        .atMost(PATIENCE)
        .until(() -> !up.isAlive() || Files.readString(output(up)).contains("ready; "));
    assertThat(up.isAlive()).describedAs(text(up)).isTrue();

    // Beside each other: most of what each does is to start.
    Process send = start("request", "send", "Why is the sky blue?", "--id", "one");
    Process streamed = start("request", "send", "Tell me more", "--stream");
    Process failing = start("request", "send", "Hi", "--model", "nobody/none");
    Process list = start("topics", "list", "--json");
    Process second = start("up", "--kafka-port", "0");

    assertThat(finished(send).exitValue()).describedAs(text(send)).isZero();
    assertThat(text(send)).isNotBlank();
    assertThat(finished(streamed).exitValue()).describedAs(text(streamed)).isZero();
    assertThat(text(streamed)).containsOnlyOnce("Tell me more");
    assertThat(finished(failing).exitValue()).isEqualTo(1);
    assertThat(text(failing)).contains("millrace: the request failed with model_not_found");
    assertThat(finished(list).exitValue()).describedAs(text(list)).isZero();
    JsonNode topics = new ObjectMapper().readTree(text(list));
    assertThat(topics).isNotEmpty().allMatch(topic -> topic.at("/exists").asBoolean());
    assertThat(finished(second).exitValue()).isEqualTo(1);
    assertThat(text(second)).contains("in use by another broker", "process " + up.pid());

    Process events = start("request", "events", "one", "--follow", "--json");
    assertThat(assertTimeoutPreemptively(PATIENCE, this::tailIntoAClosedPipe)).isZero();
    assertThat(finished(events).exitValue()).describedAs(text(events)).isZero();
    assertThat(text(events).lines().map(UpCommandIT::typeOf))
        .startsWith("request-accepted")
        .contains("call-completed")
        .endsWith("request-completed");
    assertThat(text(events).lines().filter(each -> each.contains("blue"))).hasSize(1);

    Process tail =
        finished(start("tail", "completions", "--from-beginning", "--max", "1", "--no-follow"));
    assertThat(tail.exitValue()).describedAs(text(tail)).isZero();
    JsonNode line = new ObjectMapper().readTree(text(tail));
    assertThat(line.at("/topic").asText()).isEqualTo("millrace.completions");
    assertThat(line.at("/value/requestId").asText()).isIn("one", line.at("/key").asText());

    up.destroy();
    assertThat(up.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(text(up)).contains("millrace: stopping").doesNotContain("in good order");
    assertThat(folder.resolve("data/running.json")).doesNotExist();
  }

  /** As {@code tail … | head -n 1} does it; whoever does not notice waits for more forever. */
  private int tailIntoAClosedPipe() {
    return Main.commandLine()
        .setOut(new PrintWriter(new PipedOutputStream(), true, StandardCharsets.UTF_8))
        .execute(
            "tail",
            "completions",
            "--from-beginning",
            "--data-dir",
            folder.resolve("data").toString());
  }

  private static String typeOf(String line) {
    try {
      return new ObjectMapper().readTree(line).at("/type").asText();
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }

  private Process start(String... arguments) throws Exception {
    List<String> command = Program.command();
    command.addAll(List.of(arguments));
    command.addAll(List.of("--data-dir", folder.resolve("data").toString()));
    Path output = Files.createTempFile(folder, "process", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Process process = builder.start();
    started.add(process);
    outputs.add(output);
    return process;
  }

  private final List<Path> outputs = new ArrayList<>();

  private Process finished(Process process) throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return process;
  }

  private Path output(Process process) {
    return outputs.get(started.indexOf(process));
  }

  /** What the process printed, without what the JVM says about itself. */
  private String text(Process process) throws java.io.IOException {
    return Files.readString(output(process))
        .lines()
        .filter(line -> !line.startsWith("WARNING: "))
        .reduce("", (all, line) -> all + line + "\n")
        .strip();
  }
}
