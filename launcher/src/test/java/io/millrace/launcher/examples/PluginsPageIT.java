package io.millrace.launcher.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.launcher.config.ConfigLoader;
import io.millrace.launcher.program.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Does what docs/plugins.md says, command by command, in a folder of its own. */
class PluginsPageIT {

  private static final Path PAGE = Path.of("../docs/plugins.md");
  private static final Pattern BLOCK = Pattern.compile("```(sh|yaml)\n(.*?)```", Pattern.DOTALL);
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
  private static final String PROGRAM = "./millrace ";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir private Path folder;

  @Test
  @Timeout(value = 6, unit = TimeUnit.MINUTES)
  void shouldWorkAsThePageSays() throws Exception {
    Files.writeString(folder.resolve("millrace.yaml"), blocks("yaml").getFirst());
    List<String> done = new ArrayList<>();
    List<Process> running = new ArrayList<>();
    try {
      for (String line : String.join("", blocks("sh")).lines().toList()) {
        assertThat(line).startsWith(PROGRAM);
        String command = line.substring(PROGRAM.length());
        if (command.equals("up")) {
          running.add(up());
        } else if (command.contains("# fails: ")) {
          String[] parts = command.split(" +# fails: ");
          assertThat(run(parts[0])).as(command).startsWith("1 ").contains(parts[1]);
        } else {
          await().atMost(PATIENCE).untilAsserted(() -> assertThat(run(command)).startsWith("0 "));
        }
        done.add(command.split(" ")[0]);
      }
    } finally {
      for (Process process : running) {
        process.destroy();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      }
    }
    assertThat(done).contains("plugin", "config", "up", "request").hasSizeGreaterThan(9);
  }

  @Test
  void shouldHaveConfigurationsThatAreInOrder() throws IOException {
    List<String> configurations = blocks("yaml");
    assertThat(configurations).hasSize(3);
    for (String configuration : configurations) {
      Path file = Files.writeString(folder.resolve("page.yaml"), configuration);
      assertThat(new ConfigLoader(Map.of("GUARD_KEY", "k")).load(file).config().plugins())
          .isNotEmpty();
    }
  }

  private Process up() throws IOException {
    Path log = folder.resolve("up.log");
    Process process = start("up --kafka-port 0 --registry-port 0 --http-port 0", log);
    await()
        .atMost(PATIENCE)
        .until(() -> !process.isAlive() || Files.readString(log).contains("ready; in another"));
    assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
    return process;
  }

  /** The exit code and everything printed. */
  private String run(String command) throws IOException, InterruptedException {
    Path log = Files.createTempFile(folder, "command", ".log");
    Process process = start(command, log);
    int exit = process.waitFor();
    return exit + " " + Files.readString(log, UTF_8);
  }

  private Process start(String command, Path log) throws IOException {
    List<String> words = Program.command("-Xmx512m");
    WORD.matcher(command)
        .results()
        .map(word -> word.group(1) != null ? word.group(1) : word.group(2))
        .forEach(words::add);
    return new ProcessBuilder(words)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static List<String> blocks(String language) throws IOException {
    return BLOCK
        .matcher(Files.readString(PAGE))
        .results()
        .filter(block -> block.group(1).equals(language))
        .map((MatchResult block) -> block.group(2))
        .toList();
  }
}
