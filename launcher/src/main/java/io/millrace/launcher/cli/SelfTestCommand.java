package io.millrace.launcher.cli;

import io.millrace.launcher.config.ConfigLoader;
import io.millrace.launcher.config.MillraceConfig;
import io.millrace.launcher.pipeline.LocalPipeline;
import io.millrace.launcher.pipeline.LocalPipelineConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Starts a pipeline of its own, asks it something and stops it. The launcher script also runs it
 * once after a build, to record which classes a start needs.
 */
@Command(
    name = "self-test",
    description =
        "Start a pipeline with the simulated provider in a temporary folder on free ports, send a"
            + " request over HTTP, and stop.",
    mixinStandardHelpOptions = true,
    footer = {"", "Example:", "  millrace self-test"})
final class SelfTestCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String BODY =
      "{\"model\":\"simulated/any\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

  @Spec private CommandSpec spec;
  @Mixin private GlobalOptions global = new GlobalOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    LoggingSetup.quiet(global.verbose());
    MillraceConfig config = new ConfigLoader(Map.of()).withoutFile().config();
    Path folder = Files.createTempDirectory("millrace-self-test");
    long begun = System.nanoTime();
    try (LocalPipeline pipeline =
        LocalPipeline.start(LocalPipelineConfig.onFreePorts(config, folder), this::report)) {
      report("started after %d ms".formatted(millisSince(begun)));
      ask(pipeline.httpAddress().orElseThrow());
      report("answered after %d ms".formatted(millisSince(begun)));
    } finally {
      delete(folder);
    }
    report("stopped after %d ms; all is well".formatted(millisSince(begun)));
    return 0;
  }

  private static void ask(URI http) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(http.resolve("/v1/chat/completions"))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(BODY))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new CommandFailure(
            "the pipeline answered %d: %s".formatted(answer.statusCode(), answer.body()));
      }
    }
  }

  private void report(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }

  private static long millisSince(long begunNanos) {
    return Duration.ofNanos(System.nanoTime() - begunNanos).toMillis();
  }

  private static void delete(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (var files = Files.walk(folder)) {
      deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      Files.deleteIfExists(file);
    }
  }
}
