package io.millrace.launcher.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.avro.CompletionResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BatchRunTest {

  private static final String BAD_LINES =
      Batches.line("a")
          + "not JSON\n"
          + Batches.line("b").replace("POST", "GET")
          + Batches.line("a")
          + "\n"
          + Batches.line("b")
          + Batches.line("c", "refused")
          + "x".repeat(5_000)
          + "\n"
          + Batches.line("d");

  @TempDir Path temp;
  private final FakeCluster cluster = new FakeCluster();

  @Test
  void shouldWriteOneResultForEachLine() {
    BatchOutcome outcome = run(lines(500));

    assertThat(outcome.success()).isTrue();
    assertThat(outcome.tally().completed()).isEqualTo(500);
    assertThat(outcome.tally().promptTokens()).isEqualTo(5_000);
    assertThat(outcome.tally().costNanos()).isEqualTo(500 * FakeCluster.COST_NANOS);
    assertThat(customIds(output())).containsExactlyInAnyOrderElementsOf(ids(500));
    assertThat(plan().errors()).doesNotExist();
    assertThat(plan().indexFolder()).doesNotExist();
  }

  @Test
  void shouldWriteTheOutputFormatOfOpenAi() {
    run(Batches.line("a"));

    JsonNode line = output().getFirst();
    assertThat(line.path("id").asText()).matches("batch_req_[0-9a-f]{24}");
    assertThat(line.path("custom_id").asText()).isEqualTo("a");
    assertThat(line.path("error").isNull()).isTrue();
    JsonNode response = line.path("response");
    assertThat(response.path("status_code").asInt()).isEqualTo(200);
    assertThat(response.path("request_id").asText()).startsWith("prompts:a:");
    assertThat(response.at("/body/object").asText()).isEqualTo("chat.completion");
    assertThat(response.at("/body/choices/0/message/content").asText()).startsWith("to prompts:a:");
    assertThat(response.at("/body/usage/completion_tokens").asInt()).isEqualTo(20);
  }

  @Test
  void shouldWriteFailuresToTheErrorsFile() {
    cluster.fails = id -> id.startsWith("prompts:id-3:");

    BatchOutcome outcome = run(lines(10));

    assertThat(outcome.success()).isFalse();
    assertThat(outcome.tally().failed()).isEqualTo(1);
    assertThat(output()).hasSize(9);
    JsonNode failure = errors().getFirst();
    assertThat(failure.path("custom_id").asText()).isEqualTo("id-3");
    assertThat(failure.at("/response/status_code").asInt()).isEqualTo(502);
    assertThat(failure.at("/response/body/error/code").asText()).isEqualTo("upstream_error");
    assertThat(failure.path("error").isNull()).isTrue();
  }

  @Test
  void shouldNameBadLinesAndRunTheRest() {
    BatchOutcome outcome = run(BAD_LINES);

    assertThat(customIds(output())).containsExactlyInAnyOrder("a", "d");
    assertThat(errors())
        .extracting(line -> line.path("line").asInt() + " " + line.at("/error/code").asText())
        .containsExactly(
            "2 invalid_json_line",
            "3 invalid_method",
            "4 duplicate_custom_id",
            "6 duplicate_custom_id",
            "7 invalid_request",
            "8 request_too_large");
    assertThat(outcome.tally().bad()).isEqualTo(6);
    assertThat(outcome.tally().lines()).isEqualTo(8);
    assertThat(outcome.success()).isFalse();
  }

  @Test
  void shouldDoNothingTwiceWhenRunAgain() throws IOException {
    run(BAD_LINES);
    String output = Files.readString(plan().output());
    String errors = Files.readString(plan().errors());

    BatchOutcome outcome = run(BAD_LINES);

    assertThat(plan().output()).hasContent(output);
    assertThat(plan().errors()).hasContent(errors);
    assertThat(outcome.tally().skipped()).isEqualTo(2);
    assertThat(outcome.tally().bad()).isEqualTo(6);
    assertThat(cluster.calls).hasSize(2);
  }

  @Test
  void shouldFindEarlierResultsAgainWhenTheOutputIsGone() throws IOException {
    run(lines(100));
    Files.delete(plan().output());

    BatchOutcome outcome = run(lines(100));

    assertThat(outcome.tally().recovered()).isEqualTo(100);
    assertThat(customIds(output())).containsExactlyInAnyOrderElementsOf(ids(100));
    assertThat(cluster.calls.values()).hasSize(100).containsOnly(1);
  }

  @Test
  void shouldRunALineAnewWhenItsWordingChanged() throws IOException {
    run(lines(10));
    Files.delete(plan().output());

    run(lines(10).replace("Say id-4", "Sing id-4"));

    assertThat(customIds(output())).containsExactlyInAnyOrderElementsOf(ids(10));
    assertThat(cluster.calls.values()).hasSize(11).containsOnly(1);
  }

  @Test
  void shouldLeaveFailedLinesAloneUnlessTheyAreToBeRetried() {
    cluster.fails = id -> id.contains("id-1");
    run(lines(20));
    assertThat(errors()).hasSize(11);

    cluster.fails = id -> id.contains("id-11");
    BatchOutcome untouched = run(lines(20));
    assertThat(untouched.tally().skippedFailed()).isEqualTo(11);
    assertThat(untouched.success()).isFalse();

    BatchOutcome retried = run(Batches.plan(temp, true), lines(20));
    assertThat(retried.tally().completed()).isEqualTo(10);
    assertThat(retried.tally().failed()).isEqualTo(1);
    assertThat(customIds(errors())).containsExactly("id-11");

    cluster.fails = id -> false;
    assertThat(run(Batches.plan(temp, true), lines(20)).success()).isTrue();
    assertThat(customIds(output())).containsExactlyInAnyOrderElementsOf(ids(20));
    assertThat(plan().errors()).doesNotExist();
  }

  @Test
  void shouldRetryFailuresThatOnlyTheClusterKnows() throws IOException {
    cluster.fails = id -> true;
    run(lines(10));
    Files.delete(plan().errors());
    cluster.fails = id -> !id.endsWith(".1");

    BatchOutcome outcome = run(Batches.plan(temp, true), lines(10));

    assertThat(outcome.success()).isTrue();
    assertThat(cluster.calls).hasSize(20);
  }

  @Test
  void shouldNeverHaveMoreUnderWayThanAllowed() {
    FakePipeline slow = new FakePipeline(cluster, () -> 3);

    Batches.run(plan(), slow, lines(2_000));

    assertThat(cluster.mostUnderWay).isEqualTo(plan().maxInFlight());
    assertThat(output()).hasSize(2_000);
  }

  @Test
  void shouldStopInOrderAndGoOnLater() {
    AtomicBoolean stop = new AtomicBoolean();
    FakePipeline stopping =
        new FakePipeline(cluster, () -> 5) {
          @Override
          public void save(Checkpoint checkpoint) {
            super.save(checkpoint);
            if (cluster.log.size() > 100) {
              stop.set(true);
            }
          }
        };
    AtomicLong nanos = new AtomicLong();
    BatchRun run =
        new BatchRun(
            plan(), stopping, Batches.SILENT, stop::get, () -> nanos.addAndGet(10_000_000));

    BatchOutcome first = runUnchecked(run, lines(1_000));

    assertThat(first.finished()).isFalse();
    assertThat(first.tally().written()).isBetween(100L, 900L);
    assertThat(cluster.underWay).isEmpty();
    assertThat(run(lines(1_000)).success()).isTrue();
    assertThat(customIds(output())).containsExactlyInAnyOrderElementsOf(ids(1_000));
    assertThat(cluster.calls.values()).hasSize(1_000).containsOnly(1);
  }

  @Test
  void shouldGiveUpWhenAResultIsLongOverdue() {
    FakePipeline dead = new FakePipeline(cluster, () -> 0);

    assertThatThrownBy(() -> Batches.run(plan(), dead, lines(1)))
        .isInstanceOf(BatchException.class)
        .hasMessageContaining("no result for request prompts:id-0:")
        .hasMessageContaining("run the same command again");
  }

  @Test
  void shouldRefuseAnOutputFileThatHoldsSomethingElse() throws IOException {
    Files.writeString(plan().output(), "{\"question\":1}\n");

    assertThatThrownBy(() -> run(lines(1)))
        .isInstanceOf(BatchException.class)
        .hasMessageContaining("line 1 is not a batch result");
    assertThat(plan().output()).hasContent("{\"question\":1}");
  }

  @Test
  void shouldWriteResultsWhileTheInputIsStillComing() throws IOException {
    PipedInputStream in = new PipedInputStream();
    try (PipedOutputStream out = new PipedOutputStream(in)) {
      out.write(Batches.line("first").getBytes(StandardCharsets.UTF_8));
      out.flush();
      FakePipeline closing =
          new FakePipeline(cluster, () -> 5) {
            @Override
            public List<CompletionResult> poll(Duration wait) {
              if (output().size() == 1) {
                closeUnchecked(out);
              }
              return super.poll(wait);
            }
          };
      BatchOutcome outcome =
          new BatchRun(plan(), closing, Batches.SILENT, () -> false, System::nanoTime).run(in);

      assertThat(outcome.success()).isTrue();
      assertThat(customIds(output())).containsExactly("first");
    }
  }

  private static void closeUnchecked(PipedOutputStream out) {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BatchOutcome runUnchecked(BatchRun run, String input) {
    try (InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8))) {
      return run.run(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private BatchPlan plan() {
    return Batches.plan(temp);
  }

  private BatchOutcome run(String input) {
    return run(plan(), input);
  }

  private BatchOutcome run(BatchPlan plan, String input) {
    return Batches.run(plan, new FakePipeline(cluster, () -> 7), input);
  }

  private List<JsonNode> output() {
    return Batches.read(plan().output());
  }

  private List<JsonNode> errors() {
    return Batches.read(plan().errors());
  }

  private static List<String> customIds(List<JsonNode> lines) {
    return lines.stream().map(line -> line.path("custom_id").asText()).toList();
  }

  private static List<String> ids(int count) {
    return IntStream.range(0, count).mapToObj(i -> "id-" + i).toList();
  }

  private static String lines(int count) {
    return ids(count).stream().map(Batches::line).collect(Collectors.joining());
  }
}
