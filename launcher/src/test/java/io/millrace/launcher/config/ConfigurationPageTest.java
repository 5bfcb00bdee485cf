package io.millrace.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keeps docs/configuration.md as the schema is, and its example working. */
class ConfigurationPageTest {

  private static final Path PAGE = Path.of("..", "docs", "configuration.md");
  private static final String START = "<!-- keys -->\n";
  private static final String END = "<!-- end of keys -->";

  @Test
  void shouldListEveryKeyAsTheSchemaHasIt() throws IOException {
    String page = Files.readString(PAGE);
    int from = page.indexOf(START) + START.length();
    int to = page.indexOf(END);
    String table = new ConfigurationPage(schema()).table();
    if (Boolean.getBoolean("millrace.docs.write")) {
      Files.writeString(PAGE, page.substring(0, from) + table + page.substring(to));
    }
    assertThat(page.substring(from, to))
        .as("-Dmillrace.docs.write=true writes the table anew")
        .isEqualTo(table);
  }

  @Test
  void shouldAcceptTheExample(@TempDir Path folder) throws IOException {
    String page = Files.readString(PAGE);
    String opening = "```yaml\n";
    int from = page.indexOf(opening) + opening.length();
    String example = page.substring(from, page.indexOf("```", from));
    Path file = Files.writeString(folder.resolve("millrace.yaml"), example);

    MillraceConfig config =
        new ConfigLoader(Map.of("OPENAI_API_KEY", "x", "OTHER_KEY", "y")).load(file).config();

    assertThat(config.providers()).containsOnlyKeys("openai", "local", "simulated");
    assertThat(config.models().aliases()).containsEntry("fast", List.of("openai/gpt-4o-mini"));
  }

  private static JsonNode schema() throws IOException {
    try (InputStream schema =
        Objects.requireNonNull(
            ConfigurationPageTest.class.getResourceAsStream("millrace.schema.json"))) {
      return new ObjectMapper().readTree(schema);
    }
  }
}
