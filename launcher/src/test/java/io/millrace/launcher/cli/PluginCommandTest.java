package io.millrace.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.launcher.template.PluginTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PluginCommandTest {

  @TempDir private Path folder;
  private Path guard;

  @BeforeEach
  void begin() {
    guard = folder.resolve("plugins/my-guard");
    assertThat(CommandRun.of("plugin", "new", "hook", "my-guard", "--dir", guard.toString()))
        .satisfies(run -> assertThat(run.exitCode()).isZero())
        .satisfies(run -> assertThat(run.out()).contains("holds a hook", "plugin check " + guard));
  }

  @ParameterizedTest
  @EnumSource
  void shouldCheckWhatItBegan(PluginTemplate template) throws IOException {
    Path project = folder.resolve("begun");
    CommandRun.of("plugin", "new", template.toString(), "begun", "--dir", project.toString());
    CommandRun run = command("{}", "plugin", "check", project.toString());
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("name: begun", "source: " + project)
        .containsAnyOf("closed: in order", "no provider of the configuration has type: begun");
  }

  @Test
  void shouldCheckAProviderWithItsSettings() throws IOException {
    Path project = folder.resolve("echo");
    CommandRun.of("plugin", "new", "provider", "echo", "--dir", project.toString());
    String plugins =
        """
        plugins: [{name: echo, source: "%s"}]
        providers: {mine: {type: echo, settings: {%s: x}}}
        """;
    assertThat(
            command(plugins.formatted(project, "prefix"), "plugin", "check", project.toString())
                .out())
        .contains("kind: provider", "created and closed for mine: in order");
    assertThat(
            command(plugins.formatted(project, "perfix"), "plugin", "check", project.toString())
                .err())
        .contains("echo: create failed with", "unknown settings in [perfix]");
  }

  @Test
  void shouldCheckWithTheSettingsOfTheConfiguration() throws IOException {
    String settings = "plugins: [{name: g, source: \"%s\", config: {max_characters: %s}}]\n";
    CommandRun good = command(settings.formatted(guard, 5), "plugin", "check", guard.toString());
    assertThat(good.exitCode()).isZero();
    assertThat(good.out()).contains("name: g", "created, initialized and closed: in order");
    CommandRun bad = command(settings.formatted(guard, 0), "plugin", "check", guard.toString());
    assertThat(bad.exitCode()).isEqualTo(2);
    assertThat(bad.err())
        .contains("plugins[0].config.max_characters: must be at least 1, is 0")
        .doesNotContain("\tat ");
  }

  @Test
  void shouldSayWhyAPluginDoesNotStart() throws IOException {
    Path implementation = guard.resolve("src/main/java/com/example/my_guard/MyGuard.java");
    String source = Files.readString(implementation);
    Files.writeString(
        implementation,
        source.replace(
            "  @Override",
            "  @Override public void initialize() throws Exception {\n"
                + "    throw new java.io.IOException(\"no licence\");\n  }\n  @Override"));
    CommandRun run = command("{}", "plugin", "check", guard.toString());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("my-guard: initialize failed with java.io.IOException: no licence");
    Files.writeString(implementation, source.replace("int maxCharacters;", "int maxCharacters"));
    assertThat(command("{}", "plugin", "check", guard.toString()).err())
        .contains("MyGuard.java:", "';' expected");
  }

  @Test
  void shouldListConfiguredThenAvailablePlugins() throws IOException {
    String settings =
        """
        plugin_host: {folder: "%s"}
        plugins: [{name: metrics}, {name: mine, source: builtin:logging, enabled: false}]
        """
            .formatted(folder.resolve("plugins"));
    CommandRun run = command(settings, "plugin", "list", "--json");
    assertThat(run.exitCode()).isZero();
    List<String> rows = new ArrayList<>();
    for (JsonNode row : new ObjectMapper().readTree(run.out())) {
      rows.add(
          "%s %s %s %s %s"
              .formatted(
                  row.get("name").asText(),
                  row.get("kind").asText(),
                  row.get("version").asText(),
                  row.get("configured").asBoolean(),
                  row.get("enabled").asBoolean()));
    }
    assertThat(rows)
        .startsWith("metrics hook 0 true true", "mine hook 0 true false")
        .contains("auth hook 0 false false", "redact hook 0 false false")
        .endsWith("my-guard hook 1.0.0 false false");
    assertThat(command(settings, "plugin", "list").out())
        .contains("name", "my-guard", guard.toString());
  }

  @Test
  void shouldShowWhatAPluginSaysOfItself() throws IOException {
    String settings = "plugin_host: {folder: \"%s\"}\n".formatted(folder.resolve("plugins"));
    CommandRun run = command(settings, "plugin", "show", "my-guard");
    assertThat(run.out())
        .contains("kind: hook", "version: 1.0.0", "on_error: fail", "\"max_characters\"");
    JsonNode json =
        new ObjectMapper().readTree(command(settings, "plugin", "show", "logging", "--json").out());
    assertThat(json.get("source").asText()).isEqualTo("builtin");
    assertThat(command(settings, "plugin", "show", "my-gard").err())
        .contains("there is no plugin 'my-gard'; did you mean 'my-guard'?");
  }

  @Test
  void shouldLoadAPluginWithoutASourceFromThePluginsFolder() throws IOException {
    String settings =
        "plugin_host: {folder: \"%s\"}\n"
            + "plugins: [{name: my-guard, config: {max_characters: %s}}]\n";
    Path plugins = folder.resolve("plugins");
    assertThat(command(settings.formatted(plugins, 7), "config", "check").exitCode()).isZero();
    assertThat(command(settings.formatted(plugins, "seven"), "config", "check").err())
        .contains("plugins[0].config.max_characters: must be a whole number, is 'seven'");
    assertThat(command(settings.formatted(plugins, "env.NO_SUCH_THING"), "config", "check").err())
        .contains(
            "plugins[0].config.max_characters: environment variable NO_SUCH_THING is not set");
  }

  @Test
  void shouldSwitchOnlyWhatTheConfigurationHas() throws IOException {
    CommandRun run =
        command(
            "{}",
            "plugin",
            "disable",
            "loging",
            "--bootstrap-servers",
            "127.0.0.1:1",
            "--schema-registry",
            "http://127.0.0.1:1");
    assertThat(run.exitCode()).isNotZero();
    assertThat(run.err())
        .contains("the configuration has no plugin 'loging'; did you mean 'logging'?");
  }

  @Test
  void shouldRefuseToOverwrite() {
    CommandRun run = CommandRun.of("plugin", "new", "hook", "my-guard", "--dir", guard.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("is not empty: name another folder");
    assertThat(CommandRun.of("plugin", "new", "hook", "My Guard").err())
        .contains("a plugin's name is");
    assertThat(CommandRun.of("plugin", "new", "hoook", "x").exitCode()).isEqualTo(2);
  }

  private CommandRun command(String settings, String... words) throws IOException {
    Path file = Files.writeString(folder.resolve("millrace.yaml"), settings);
    List<String> all = new ArrayList<>(Arrays.asList(words));
    all.addAll(
        List.of("--config", file.toString(), "--data-dir", folder.resolve("data").toString()));
    return CommandRun.of(all.toArray(String[]::new));
  }
}
