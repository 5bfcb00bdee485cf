package io.millrace.launcher.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.model.CompletionRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The examples that the documentation starts with. */
class ExamplePromptsTest {

  private static final Path FILE = Path.of("..", "examples", "prompts.jsonl");

  @Test
  void shouldBeManyGoodLinesOfManyKinds() throws IOException {
    InputLineParser parser = new InputLineParser(null);
    List<CompletionRequest> requests = new ArrayList<>();
    Set<String> customIds = new HashSet<>();
    try (LineReader reader = new LineReader(Files.newInputStream(FILE), 1024 * 1024)) {
      for (RawLine raw = reader.next(); raw != null; raw = reader.next()) {
        InputLine line = parser.parse(raw);
        assertThat(line).isInstanceOf(InputLine.Request.class);
        customIds.add(((InputLine.Request) line).customId());
        requests.add(((InputLine.Request) line).request());
      }
    }

    assertThat(requests).hasSizeGreaterThanOrEqualTo(200);
    assertThat(customIds).hasSameSizeAs(requests);
    assertThat(requests).allSatisfy(one -> assertThat(one.model()).startsWith("simulated/"));
    assertThat(requests).anySatisfy(one -> assertThat(one.tools()).hasSizeGreaterThan(1));
    assertThat(requests).anySatisfy(one -> assertThat(one.responseFormatJson()).isNotNull());
    assertThat(requests).anySatisfy(one -> assertThat(one.messages()).hasSizeGreaterThan(4));
    assertThat(requests).anySatisfy(one -> assertThat(one.extra()).isNotEmpty());
  }
}
