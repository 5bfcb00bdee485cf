package io.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportWriterTest {

  private static final Report REPORT =
      new Report(
          "b0",
          "a test",
          Instant.parse("2026-01-02T03:04:05Z"),
          Map.of("requests", 7),
          List.of(
              Figure.of("good", 12_345, "1/s", Goal.atLeast(5_000)),
              Figure.of("bad", 9.5, "ms", Goal.atMost(8)),
              Figure.of("baseline", 0.25, "")));

  @Test
  void shouldShowGoalsAndWhetherTheyAreReachedWhenPrinted() {
    assertThat(ReportWriter.table(REPORT))
        .containsPattern("good +\\| +12,345 +\\| 1/s +\\| +≥ 5,000 +\\| yes")
        .containsPattern("bad +\\| +9.50 +\\| ms +\\| +≤ 8 +\\| no")
        .containsPattern("baseline +\\| +0.25 ");
  }

  @Test
  void shouldKeepEveryFigureWhenWritten(@TempDir Path folder) throws IOException {
    Path file = ReportWriter.write(REPORT, folder);

    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(file.getFileName().toString()).isEqualTo("b0-20260102T030405.json");
    assertThat(json.at("/settings/requests").asInt()).isEqualTo(7);
    assertThat(json.at("/machine/cores").asInt()).isPositive();
    assertThat(json.at("/figures/0/value").asDouble()).isEqualTo(12_345);
    assertThat(json.at("/figures/0/reached").asBoolean()).isTrue();
    assertThat(json.at("/figures/1/reached").asBoolean()).isFalse();
    assertThat(json.at("/figures/2").has("wanted")).isFalse();
  }
}
