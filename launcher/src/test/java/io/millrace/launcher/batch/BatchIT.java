package io.millrace.launcher.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.launcher.cli.Main;
import io.millrace.launcher.config.ConfigLoader;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.LocalPipeline;
import io.millrace.launcher.pipeline.LocalPipelineConfig;
import io.millrace.launcher.pipeline.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import picocli.CommandLine;

/** The command as users have it: real processes, a real pipeline, and kills. */
@Timeout(600)
@ResourceLock(value = "logging", mode = ResourceAccessMode.READ)
class BatchIT {

  private static final int LINES = 1_500;
  private static final int MAX_IN_FLIGHT = 100;

  /**
   * Killed members are missed after 4 s instead of 10: what is waited for at each start after it.
   */
  private static final String CONFIG =
      """
      kafka:
        consumer.session.timeout.ms: 4000
      providers:
        simulated:
          type: simulated
          max_in_flight: %d
          latency: fixed
          latency_ms: 150
      """
          .formatted(MAX_IN_FLIGHT);

  @TempDir Path temp;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeInput() throws IOException {
    Files.writeString(temp.resolve("millrace.yaml"), CONFIG);
    Files.writeString(
        temp.resolve("prompts.jsonl"),
        IntStream.range(0, LINES)
            .mapToObj(i -> Batches.line("id-" + i))
            .collect(Collectors.joining()));
  }

  @Test
  void shouldGoOnWhenTheProcessAndThePipelineInItAreKilled() throws Exception {
    int kills = 2;
    for (int kill = 1; kill <= kills; kill++) {
      killAfter((long) kill * LINES / 4, arguments());
    }

    try (BatchProcess last = BatchProcess.start(temp.resolve("log"), arguments())) {
      assertThat(last.exitCode()).as(last.log()).isZero();
      assertThat(last.log()).contains("every line has a completion");
    }

    assertThat(outputIds()).hasSize(LINES).doesNotHaveDuplicates();
    try (LocalPipeline pipeline = pipeline(EnumSet.noneOf(Role.class))) {
      Map<String, Integer> calls = ProviderCalls.count(pipeline.connection(), pipeline.topics());
      assertThat(calls).hasSize(LINES);
      int repeated = calls.values().stream().mapToInt(count -> count - 1).sum();
      assertThat(repeated).isLessThanOrEqualTo(kills * MAX_IN_FLIGHT);
    }
  }

  @Test
  void shouldAskForNothingTwiceWhenOnlyTheBatchIsKilled() throws Exception {
    try (LocalPipeline pipeline = pipeline(EnumSet.complementOf(EnumSet.of(Role.INGEST)))) {
      List<String> arguments = new ArrayList<>(arguments());
      arguments.addAll(
          List.of(
              "--bootstrap-servers",
              pipeline.connection().bootstrapServers(),
              "--schema-registry",
              pipeline.connection().schemaRegistryUrl()));
      killAfter(LINES / 5, arguments);
      killAfter(LINES / 3, arguments);
      try (BatchProcess stopped = BatchProcess.start(temp.resolve("log"), arguments)) {
        awaitLines(LINES / 2);
        stopped.terminate();
        assertThat(stopped.log()).contains("was stopped", "Run the same command again");
      }

      try (BatchProcess last = BatchProcess.start(temp.resolve("log"), arguments)) {
        assertThat(last.exitCode()).as(last.log()).isZero();
      }

      assertThat(outputIds()).hasSize(LINES).doesNotHaveDuplicates();
      assertThat(ProviderCalls.count(pipeline.connection(), pipeline.topics()).values())
          .hasSize(LINES)
          .containsOnly(1);

      Files.delete(temp.resolve("results.jsonl"));
      try (BatchProcess again = BatchProcess.start(temp.resolve("log"), arguments)) {
        assertThat(again.exitCode()).as(again.log()).isZero();
      }
      assertThat(outputIds()).hasSize(LINES).doesNotHaveDuplicates();
      assertThat(ProviderCalls.count(pipeline.connection(), pipeline.topics()).values())
          .hasSize(LINES)
          .containsOnly(1);
    }
  }

  @Test
  void shouldNameBadLinesRunTheRestAndFail() throws IOException {
    Files.writeString(
        temp.resolve("prompts.jsonl"),
        "nonsense\n" + Batches.line("a") + Batches.line("b", "nobody/model") + Batches.line("a"));

    int exitCode = run("--json");

    assertThat(exitCode).as(err.toString()).isEqualTo(1);
    JsonNode summary = Batches.json(out.toString());
    assertThat(summary.path("lines").asInt()).isEqualTo(4);
    assertThat(summary.path("completed").asInt()).isEqualTo(1);
    assertThat(summary.path("failed").asInt()).isEqualTo(1);
    assertThat(summary.path("bad").asInt()).isEqualTo(2);
    assertThat(outputIds()).containsExactly("a");
    List<JsonNode> errors = Batches.read(temp.resolve("results.errors.jsonl"));
    assertThat(errors)
        .extracting(line -> line.path("line").asInt() + line.at("/error/code").asText())
        .contains("1invalid_json_line", "4duplicate_custom_id");
    assertThat(errors)
        .extracting(line -> line.at("/response/body/error/code").asText())
        .contains("model_not_found");
  }

  @Test
  void shouldSayWhatIsWrongInOneLine() {
    assertThat(execute("no-such-file", "--output", "x.jsonl")).isEqualTo(2);
    assertThat(run("--errors", temp.resolve("prompts.jsonl").toString())).isEqualTo(2);
    assertThat(run("--output", temp.resolve("no/such/folder.jsonl").toString())).isEqualTo(2);
    assertThat(run("--name", "a/b")).isEqualTo(2);
    assertThat(run("--timeout", "99999999")).isEqualTo(2);
    assertThat(run("--bootstrap-servers", "127.0.0.1:1", "--schema-registry", "http://127.0.0.1:1"))
        .isEqualTo(1);

    assertThat(err.toString())
        .contains(
            "there is no file no-such-file",
            "input and errors are the same file",
            "its folder does not exist",
            "the name 'a/b' is not",
            "--timeout must be",
            "registry at http://127.0.0.1:1")
        .doesNotContain("\tat ");
    assertThat(out.toString()).isEmpty();
  }

  private int run(String... more) {
    List<String> all = new ArrayList<>(arguments());
    if (List.of(more).contains("--output")) {
      all.subList(1, 3).clear();
    }
    all.addAll(List.of(more));
    return execute(all.toArray(String[]::new));
  }

  private int execute(String... arguments) {
    List<String> all = new ArrayList<>(List.of("batch", "run"));
    all.addAll(List.of(arguments));
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(all.toArray(String[]::new));
  }

  private List<String> arguments() {
    return List.of(
        temp.resolve("prompts.jsonl").toString(),
        "--output",
        temp.resolve("results.jsonl").toString(),
        "--config",
        temp.resolve("millrace.yaml").toString(),
        "--data-dir",
        temp.resolve("data").toString());
  }

  private void killAfter(long lines, List<String> arguments) throws Exception {
    try (BatchProcess process = BatchProcess.start(temp.resolve("log"), arguments)) {
      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> done() >= lines || !process.alive());
      assertThat(process.alive()).as(process.log()).isTrue();
      process.kill();
    }
  }

  private void awaitLines(long lines) {
    await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> done() >= lines);
  }

  private long done() {
    return BatchProcess.lines(temp.resolve("results.jsonl"));
  }

  private List<String> outputIds() {
    return Batches.read(temp.resolve("results.jsonl")).stream()
        .map(line -> line.path("custom_id").asText())
        .toList();
  }

  private LocalPipeline pipeline(EnumSet<Role> roles) {
    MillraceConfig settings =
        new ConfigLoader(Map.of()).load(temp.resolve("millrace.yaml")).config();
    return LocalPipeline.start(
        LocalPipelineConfig.onFreePorts(settings, temp.resolve("data")), roles, step -> {});
  }
}
