package io.millrace.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.embedded.broker.FreePorts;
import io.millrace.launcher.pipeline.RunningPipeline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLineTest {

  @TempDir private Path folder;

  @Test
  void shouldSuggestTheCommandWhenItIsMistyped() {
    CommandRun run = CommandRun.of("tpology");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("tpology", "millrace topology", "--help")
        .doesNotContain("\tat ");
  }

  @Test
  void shouldSayWhatCanBeDoneWhenNothingIsAsked() {
    CommandRun run = CommandRun.of();
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("millrace help");
  }

  @Test
  void shouldListTheCommandsWhenHelpIsAskedFor() {
    CommandRun run = CommandRun.of("--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("batch", "topology", "Try:");
  }

  @Test
  void shouldPrintVersionsWhereverTheyAreAskedFor() {
    String versions = CommandRun.of("version").out();
    assertThat(versions).contains("millrace ", "kafka 4.3.1", "java ");
    assertThat(CommandRun.of("--version").out()).isEqualTo(versions);
    assertThat(CommandRun.of("batch", "run", "--version").out()).isEqualTo(versions);
  }

  @Test
  void shouldSayWhichWordsThereAreWhenOneIsNone() {
    CommandRun run = CommandRun.of("tail", "letters");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("'letters' is none of requests,", "alerts, dead-letters");
    assertThat(CommandRun.of("request", "send", "Hi", "--lane", "fast").err())
        .contains("'fast' is none of interactive, standard, batch");
  }

  @Test
  void shouldKeepExamplesOnOneLineWhenTheTerminalIsNarrow() {
    List<String> examples = new ArrayList<>();
    collectFooters(Main.commandLine(), examples);
    assertThat(examples).isNotEmpty().allMatch(line -> line.length() < 80);
  }

  @Test
  void shouldShowAnExampleInTheHelpOfEveryCommand() {
    List<String> without = new ArrayList<>();
    CommandLine main = Main.commandLine();
    main.getSubcommands().values().forEach(command -> collectWithoutExample(command, without));
    assertThat(main.getSubcommands())
        .containsKeys(
            "up",
            "run",
            "batch",
            "request",
            "tail",
            "topics",
            "topology",
            "config",
            "version",
            "self-test");
    assertThat(without).isEmpty();
  }

  @Test
  void shouldPrintEveryFaultWhenTheConfigurationIsChecked() throws IOException {
    Path file = write("profile: prod\ntopcs: {}\n");
    CommandRun run = CommandRun.of("config", "check", "--config", file.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains(
            file + " has 2 faults",
            "profile: 'prod' is none of",
            "topcs: unknown key; did you mean 'topics'?")
        .doesNotContain("\tat ");
  }

  @Test
  void shouldAskTheServicesWhenTheConfigurationIsChecked() throws IOException {
    Path file = write("plugins: [{name: no-such-hook}]\n");
    CommandRun run = CommandRun.of("config", "check", "--config", file.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("plugins[0]: ", "no-such-hook", "logging");
    assertThat(CommandRun.of("config", "check", "-c", write("{}").toString()).exitCode()).isZero();
  }

  @Test
  void shouldFailWithEveryFaultWhenAnyCommandReadsAFaultyFile() throws IOException {
    CommandRun run = CommandRun.of("topics", "list", "-c", write("htp: {}").toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("htp: unknown key; did you mean 'http'?");
  }

  @Test
  void shouldHideSecretsWhenTheConfigurationIsShown() throws IOException {
    Path file = write("kafka: {ssl.key.password: hush}\n");
    CommandRun yaml = CommandRun.of("config", "show", "-c", file.toString());
    CommandRun json = CommandRun.of("config", "show", "-c", file.toString(), "--json");
    assertThat(yaml.out()).contains("partitions: 4").doesNotContain("hush");
    JsonNode shown = new ObjectMapper().readTree(json.out());
    assertThat(shown.at("/kafka/ssl.key.password").asText()).isEqualTo("********");
  }

  @Test
  void shouldPublishTheSchema() throws IOException {
    CommandRun run = CommandRun.of("config", "schema");
    assertThat(new ObjectMapper().readTree(run.out()).at("/properties/profile/enum")).hasSize(3);
  }

  @Test
  void shouldDrawThePlanWithoutACluster() throws IOException {
    String file = write("topics: {prefix: 'mine.'}").toString();
    CommandRun run = CommandRun.of("topology", "-c", file);
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("mine.", "home · key: tenant", "logging.pre", "metrics.post");
    assertThat(CommandRun.of("topology", "-c", file, "--format", "mermaid").out())
        .startsWith("flowchart TB")
        .contains("metrics.post");
    assertThat(CommandRun.of("topology", "-c", file, "--format", "streams").out())
        .startsWith("Topologies:")
        .contains("home-accept");
  }

  @Test
  void shouldWriteThePlanToAFileWhenOneIsNamed() throws IOException {
    Path svg = folder.resolve("plan.svg");
    CommandRun run = CommandRun.of("topology", "--format", "svg", "-o", svg.toString());
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(Files.readString(svg)).startsWith("<svg ").contains("logging.pre");
    CommandRun nowhere = CommandRun.of("topology", "-o", folder.resolve("no/plan.txt").toString());
    assertThat(nowhere.exitCode()).isEqualTo(1);
    assertThat(nowhere.err()).contains("cannot write", "a folder that exists");
  }

  @Test
  void shouldPrintThePlanAsJsonForScripts() throws IOException {
    CommandRun run =
        CommandRun.of("topology", "--json", "-c", write("home: {scope: request}").toString());
    JsonNode home = new ObjectMapper().readTree(run.out()).at("/groups/0");
    assertThat(home.at("/name").asText()).isEqualTo("home");
    assertThat(home.at("/key").asText()).isEqualTo("exchange");
    assertThat(home.at("/hooks/2/name").asText()).isEqualTo("metrics");
    assertThat(home.at("/partitions").asInt()).isEqualTo(4);
    assertThat(CommandRun.of("topology", "--json", "--format", "svg").err())
        .contains("--json and --format svg exclude each other");
  }

  @Test
  void shouldExplainWhereARequestGoesWithoutACluster() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("millrace.yaml"),
            """
            providers:
              dear: {type: simulated, models: [{name: m, price: {input: 5, output: 5}}]}
              cheap: {type: simulated, models: [{name: m, price: {input: 1, output: 1}}]}
              blind: {type: simulated, models: [{name: other, blocked: true}]}
            routing: {strategy: least_cost}
            """);
    CommandRun run =
        CommandRun.of(
            "route",
            "explain",
            "-c",
            file.toString(),
            "--data-dir",
            folder.resolve("d").toString());
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .containsPattern("cheap/m +chosen +unknown")
        .containsPattern("dear/m +fallback 1")
        .containsPattern("blind/other +is blocked")
        .contains("strategy   least_cost", "health     not known", "table of 2026-11");
    CommandRun unknown =
        CommandRun.of(
            "route",
            "explain",
            "--model",
            "x/y",
            "-c",
            file.toString(),
            "--data-dir",
            folder.resolve("d").toString());
    assertThat(unknown.exitCode()).isNotZero();
    assertThat(unknown.err()).contains("no provider answers for model 'x/y'");
  }

  @Test
  void shouldGenerateShellCompletion() {
    assertThat(CommandRun.of("generate-completion").out())
        .contains("complete -F", "from-beginning");
  }

  @Test
  void shouldSayHowToStartOneWhenThereIsNoPipeline() {
    CommandRun run = CommandRun.of("request", "send", "Hi", "--data-dir", folder.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("no pipeline found", folder.toString(), "millrace up", "--bootstrap-servers");
  }

  @Test
  void shouldSayWhatIsMissingWhenOnlyOneAddressIsGiven() {
    CommandRun run = CommandRun.of("tail", "events", "--bootstrap-servers", "127.0.0.1:1");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("schema.registry.url", "--schema-registry");
  }

  @Test
  void shouldIgnoreAPipelineWhenItsProcessIsGone() throws Exception {
    Process ended = new ProcessBuilder(javaCommand(), "-version").start();
    ended.waitFor();
    new RunningPipeline(ended.pid(), "127.0.0.1:1", "http://127.0.0.1:1", null).publish(folder);
    assertThat(RunningPipeline.find(folder)).isEmpty();
    new RunningPipeline(ProcessHandle.current().pid(), "127.0.0.1:1", "http://127.0.0.1:1", null)
        .publish(folder);
    assertThat(RunningPipeline.find(folder)).isPresent();
    RunningPipeline.withdraw(folder);
    assertThat(RunningPipeline.find(folder)).isEmpty();
  }

  @Test
  void shouldSayThatTheRegistryIsNotThereBeforeAnythingStarts() throws IOException {
    int unused = FreePorts.next();
    CommandRun run =
        CommandRun.of(
            "run",
            "hooks",
            "--data-dir",
            folder.toString(),
            "--bootstrap-servers",
            "127.0.0.1:" + unused,
            "--schema-registry",
            "http://127.0.0.1:" + unused);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("schema registry at http://127.0.0.1:" + unused, "cannot be reached");
  }

  @Test
  void shouldSayWhichPortWhenItIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      CommandRun run =
          CommandRun.of("run", "broker", "--data-dir", folder.toString(), "--kafka-port", port);
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("127.0.0.1:" + port, "choose another port");
    }
  }

  @Test
  void shouldSayWhichFolderWhenItCannotBeUsed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    CommandRun run =
        CommandRun.of("up", "--kafka-port", "0", "--data-dir", file.resolve("data").toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains(file.toString(), "choose another folder")
        .doesNotContain("\tat ");
  }

  @Test
  void shouldShowTheStackTraceWhenVerbose() {
    CommandRun run = CommandRun.of("tail", "events", "--bootstrap-servers", "x:1", "--verbose");
    assertThat(run.err()).contains("schema.registry.url", "\tat ");
  }

  private static void collectWithoutExample(CommandLine command, List<String> without) {
    boolean shown = command.getUsageMessage().contains("Example");
    boolean selfEvident =
        List.of("help", "version", "generate-completion").contains(command.getCommandName());
    if (command.getSubcommands().isEmpty() && !shown && !selfEvident) {
      without.add(command.getCommandSpec().qualifiedName());
    }
    command.getSubcommands().values().forEach(member -> collectWithoutExample(member, without));
  }

  private static void collectFooters(CommandLine command, List<String> lines) {
    lines.addAll(List.of(command.getCommandSpec().usageMessage().footer()));
    command.getSubcommands().values().forEach(member -> collectFooters(member, lines));
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(folder.resolve("millrace.yaml"), yaml);
  }

  private static String javaCommand() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
