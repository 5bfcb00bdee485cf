package io.millrace.launcher.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.CompletionResult;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FiguresTest {

  private static final long SECOND_NANOS = 1_000_000_000;

  @Test
  void shouldWriteFiguresForPeople() {
    assertThat(Figures.count(1_234_567)).isEqualTo("1,234,567");
    assertThat(Figures.rate(2.25)).isEqualTo("2.3/s");
    assertThat(Figures.rate(5_120.4)).isEqualTo("5,120/s");
    assertThat(Figures.cost(0)).isEqualTo("$0.00");
    assertThat(Figures.cost(1_500_000)).isEqualTo("$0.0015");
    assertThat(Figures.cost(1_234_560_000_000L)).isEqualTo("$1,234.56");
    assertThat(Figures.duration(Duration.ofSeconds(59))).isEqualTo("59 s");
    assertThat(Figures.duration(Duration.ofSeconds(200))).isEqualTo("3 min 20 s");
    assertThat(Figures.duration(Duration.ofMinutes(125))).isEqualTo("2 h 5 min");
  }

  @Test
  void shouldTellThePaceOfTheLastHalfMinute() {
    Pace pace = new Pace();
    for (int second = 0; second <= 100; second++) {
      long written = second <= 50 ? second * 1_000L : 50_000 + (second - 50) * 10L;
      pace.note(second * SECOND_NANOS, written);
      pace.note(second * SECOND_NANOS + 1, written);
    }

    assertThat(pace.perSecond()).isEqualTo(10);
    assertThat(pace.remaining(1_000L, 900)).contains(Duration.ofSeconds(10));
    assertThat(pace.remaining(null, 900)).isEmpty();
    assertThat(new Pace().remaining(1_000L, 900)).isEmpty();
  }

  @Test
  void shouldPrintALineEveryFewSeconds() {
    AtomicLong nanos = new AtomicLong();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Tally tally = new Tally();
    try (LineProgress progress = new LineProgress("prompts", 200L, out, nanos::get)) {
      for (int second = 0; second < 11; second++) {
        nanos.set(second * SECOND_NANOS);
        progress.update(tally);
        addLine(tally, FakeCluster.completed("prompts:a:1"));
      }
    }

    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "prompts: 5 of 200 lines done (2 %), 1.0/s, $0.0075, 3 min 15 s left",
            "prompts: 10 of 200 lines done (5 %), 1.0/s, $0.02, 3 min 10 s left");
  }

  @Test
  void shouldSumUpARun() {
    Tally tally = new Tally();
    addLine(tally, FakeCluster.completed("prompts:a:1"));
    addLine(tally, FakeCluster.failed("prompts:b:1"));
    tally.addLine();
    tally.addSkipped(true);
    BatchReport summary =
        new BatchReport(
            Batches.plan(Path.of("out")), new BatchOutcome(tally, true, Duration.ofSeconds(2)));

    assertThat(summary.table())
        .startsWith("Batch prompts: not every line has a completion.")
        .contains("completed   1", "skipped     1", "cost        $0.0030".substring(0, 18))
        .endsWith("try the failed lines once more.");
    assertThat(Batches.json(summary.json()))
        .isEqualTo(
            Batches.json(
                """
                {"batch":"prompts","finished":true,"success":false,"lines":3,"completed":1,
                "failed":1,"bad":0,"skipped":1,"skipped_failed":0,"recovered":0,
                "duration_seconds":2.0,"results_per_second":1.0,"prompt_tokens":10,
                "completion_tokens":20,"cost_usd":0.003000000,
                "output":"out/results.jsonl","errors":"out/results.errors.jsonl"}
                """));
  }

  @Test
  void shouldWriteNoCostAsAPlainNumber() {
    BatchReport summary =
        new BatchReport(
            Batches.plan(Path.of("out")), new BatchOutcome(new Tally(), true, Duration.ZERO));
    assertThat(summary.json()).contains("\"cost_usd\":0.000000000,");
  }

  @Test
  void shouldSayWhatALineLooksLikeWhenSomeAreBad() {
    Tally tally = new Tally();
    tally.addLine();
    tally.addBad();
    BatchReport summary =
        new BatchReport(Batches.plan(Path.of("out")), new BatchOutcome(tally, true, Duration.ZERO));
    assertThat(summary.table()).contains("docs/batch.md").doesNotContain("--retry-failed");
  }

  @Test
  void shouldSayNothingOfTheRateUntilItIsKnown() {
    Pace pace = new Pace();
    pace.note(0, 0);
    assertThat(StatusText.of(new Tally(), pace, 10L)).isEqualTo("$0.00");
    pace.note(SECOND_NANOS, 2);
    assertThat(StatusText.of(new Tally(), pace, 10L)).startsWith("2.0/s, $0.00, ");
  }

  private static void addLine(Tally tally, CompletionResult result) {
    tally.addLine();
    tally.addResult(result);
  }
}
