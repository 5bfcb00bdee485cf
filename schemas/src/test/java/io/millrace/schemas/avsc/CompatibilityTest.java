package io.millrace.schemas.avsc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Old readers understand new records and new readers old ones: topics keep records for days, and
 * processes are not upgraded all at once.
 */
class CompatibilityTest {

  private static final Path BASELINE = Path.of("src", "test", "resources", "baseline");
  private static final String HOW_TO_PROCEED =
      """
      %s is no longer compatible with the baseline, which users' topics may hold.
      Keep it compatible: give a new field a default; take a field away only if it has one; never \
      rename, change a type or touch an enum; a new meaning gets a new field.
      Only when nobody can have records of the baseline, or after a release whose schemas become \
      the new one: -Dtest=CompatibilityTest -Dmillrace.avsc=baseline, and commit the files.\
      """;

  @BeforeAll
  static void rewriteWhenAsked() throws Exception {
    if ("baseline".equals(System.getProperty("millrace.avsc"))) {
      TopicRecords.write(BASELINE, TopicRecords.kept());
    }
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void shouldUnderstandBaselineAndBeUnderstood(Schema schema) throws Exception {
    Schema baseline = new Schema.Parser().parse(TopicRecords.file(BASELINE, schema).toFile());

    assertThat(faults(schema, baseline)).as(HOW_TO_PROCEED, schema.getName()).isEmpty();
  }

  @Test
  void shouldFindFaultWhenFieldWithoutDefaultIsAddedOrTakenAway() {
    Schema less = record("");
    Schema more = record("{\"name\":\"b\",\"type\":\"int\"}");

    assertThat(faults(more, less)).singleElement().asString().contains("READER_FIELD_MISSING");
    assertThat(faults(less, more)).singleElement().asString().contains("READER_FIELD_MISSING");
  }

  @Test
  void shouldFindNoFaultWhenFieldHasDefault() {
    Schema less = record("");
    Schema more = record("{\"name\":\"b\",\"type\":\"int\",\"default\":0}");

    assertThat(faults(more, less)).isEmpty();
    assertThat(faults(less, more)).isEmpty();
  }

  private static List<String> faults(Schema current, Schema baseline) {
    return Stream.concat(
            faults("new readers, old records", current, baseline),
            faults("old readers, new records", baseline, current))
        .toList();
  }

  private static Stream<String> faults(String direction, Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
        .getResult()
        .getIncompatibilities()
        .stream()
        .map(fault -> direction + ": " + fault);
  }

  private static Schema record(String field) {
    return new Schema.Parser()
        .parse("{\"type\":\"record\",\"name\":\"R\",\"fields\":[" + field + "]}");
  }

  private static List<Schema> schemas() {
    return TopicRecords.kept();
  }
}
