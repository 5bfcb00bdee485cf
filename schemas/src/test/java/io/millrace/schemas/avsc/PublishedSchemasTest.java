package io.millrace.schemas.avsc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The schemas published for other languages are the ones that Millrace registers. */
class PublishedSchemasTest {

  private static final Path FOLDER = Path.of("avsc");
  private static final String HOW_TO_PROCEED =
      "%s differs from millrace.avdl. When the change is meant, rewrite the published schemas with"
          + " -Dtest=PublishedSchemasTest -Dmillrace.avsc=write and commit them.";

  @BeforeAll
  static void rewriteWhenAsked() throws Exception {
    if ("write".equals(System.getProperty("millrace.avsc"))) {
      TopicRecords.write(FOLDER, TopicRecords.onTopics());
    }
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void shouldEqualRegisteredSchema(Schema schema) throws Exception {
    Path file = TopicRecords.file(FOLDER, schema);

    assertThat(file).as(HOW_TO_PROCEED, file).content().isEqualTo(TopicRecords.text(schema));
    assertThat(new Schema.Parser().parse(file.toFile())).isEqualTo(schema);
  }

  @Test
  void shouldPublishNothingElse() throws Exception {
    try (var files = Files.list(FOLDER)) {
      assertThat(files)
          .containsExactlyInAnyOrderElementsOf(
              schemas().stream().map(schema -> TopicRecords.file(FOLDER, schema)).toList());
    }
  }

  private static List<Schema> schemas() {
    return TopicRecords.onTopics();
  }
}
