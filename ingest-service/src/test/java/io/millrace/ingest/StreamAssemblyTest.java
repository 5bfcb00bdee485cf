package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.StreamStep.Break;
import io.millrace.ingest.StreamStep.Finish;
import io.millrace.ingest.StreamStep.Replay;
import io.millrace.ingest.StreamStep.Send;
import io.millrace.schemas.avro.AttemptSummary;
import io.millrace.schemas.avro.CompletionChunk;
import io.millrace.schemas.avro.CompletionResult;
import io.millrace.schemas.avro.Exchange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class StreamAssemblyTest {

  private final StreamAssembly assembly = new StreamAssembly("r", false);

  @Test
  void shouldSendPiecesInOrderAndEndWithTheResult() {
    assertThat(assembly.on(Chunks.text("a", 0, "hel"))).isEqualTo(sent("hel"));
    assertThat(assembly.on(Chunks.text("a", 1, "lo"))).isEqualTo(sent("lo"));
    assertThat(assembly.on(Chunks.end("a", 2))).isEqualTo(StreamStep.WAIT);
    assertThat(assembly.settling()).isTrue();
    assertThat(assembly.on(result("hello"))).isEqualTo(StreamStep.DONE);
  }

  @Test
  void shouldEndWithTheStreamWhenTheResultWasThereFirst() {
    assertThat(assembly.on(Chunks.text("a", 0, "hello"))).isEqualTo(sent("hello"));
    assertThat(assembly.on(result("hello"))).isEqualTo(StreamStep.WAIT);
    assertThat(assembly.on(Chunks.end("a", 1))).isEqualTo(StreamStep.DONE);
  }

  @Test
  void shouldEndWithoutTheResultWhenItTakesTooLong() {
    assembly.on(Chunks.text("a", 0, "hello"));
    assembly.on(Chunks.end("a", 1));
    assertThat(assembly.giveUpSettling()).isEqualTo(StreamStep.DONE);
  }

  @Test
  void shouldReplayTheResultWhenNothingWasStreamed() {
    CompletionResult result = result("hello");
    assertThat(assembly.on(result)).isEqualTo(new Replay(result));
  }

  @Test
  void shouldReplayTheErrorWhenNothingWasSent() {
    CompletionResult failed = Requests.failed(exchange(), "upstream_error", 502);
    assertThat(assembly.on(Chunks.broken("a", 0))).isEqualTo(StreamStep.WAIT);
    assertThat(assembly.on(failed)).isEqualTo(new Replay(failed));
  }

  @Test
  void shouldSendNothingWhenEveryPieceWasDropped() {
    assertThat(assembly.on(Chunks.end("a", 0))).isEqualTo(StreamStep.WAIT);
    assertThat(assembly.on(result("not for the reader"))).isEqualTo(StreamStep.DONE);
  }

  @Test
  void shouldBreakWhenTheStreamEndsWithAnErrorAfterAPiece() {
    assembly.on(Chunks.text("a", 0, "hel"));
    assertThat(assembly.on(Chunks.broken("a", 1))).isInstanceOf(Break.class);
  }

  @Test
  void shouldTakeALaterRunWhenNothingWasSent() {
    CompletionChunk fallback = Chunks.piece("b", 2, 0, Chunks.json("other"), null);
    assembly.on(Chunks.broken("a", 0));
    assertThat(assembly.on(fallback)).isEqualTo(sent("other"));
  }

  @Test
  void shouldBreakWhenAnotherRunBeginsAfterAPiece() {
    assembly.on(Chunks.text("a", 0, "hel"));
    assertThat(assembly.on(Chunks.text("b", 0, "other")))
        .isInstanceOfSatisfying(
            Break.class, end -> assertThat(end.error().code()).isEqualTo("stream_interrupted"));
  }

  @Test
  void shouldIgnoreAnotherRunWhenTheStreamIsWhole() {
    assembly.on(Chunks.text("a", 0, "hello"));
    assembly.on(Chunks.end("a", 1));
    assertThat(assembly.on(Chunks.text("b", 0, "other"))).isEqualTo(StreamStep.WAIT);
    assertThat(assembly.on(result("hello"))).isEqualTo(StreamStep.DONE);
  }

  @Test
  void shouldReplayWhenItJoinsInTheMiddle() {
    CompletionResult result = result("hello");
    assertThat(assembly.on(Chunks.text("a", 3, "lo"))).isEqualTo(StreamStep.WAIT);
    assertThat(assembly.on(result)).isEqualTo(new Replay(result));
  }

  @Test
  void shouldCompleteTheTextFromTheResultWhenPiecesAreMissing() {
    assembly.on(Chunks.text("a", 0, "hel"));
    assembly.on(Chunks.text("a", 2, "o"));
    assertThat(assembly.on(result("hello")))
        .isInstanceOfSatisfying(
            Finish.class,
            end ->
                assertThat(String.join("", end.pieces()))
                    .contains("\"content\":\"lo\"")
                    .contains("\"finish_reason\":\"stop\""));
  }

  @Test
  void shouldCompleteTheTextFromTheResultWhenTheEndDoesNotCome() {
    assembly.on(Chunks.text("a", 0, "hel"));
    assertThat(assembly.on(result("hello"))).isEqualTo(StreamStep.WAIT);
    assertThat(assembly.giveUpSettling()).isInstanceOf(Finish.class);
  }

  @Test
  void shouldBreakWhenTheResultIsAnotherText() {
    assembly.on(Chunks.text("a", 0, "hel"));
    assembly.on(result("help"));
    assertThat(assembly.giveUpSettling()).isInstanceOf(Finish.class);
    StreamAssembly other = new StreamAssembly("r", false);
    other.on(Chunks.text("a", 0, "hel"));
    other.on(result("good day"));
    assertThat(other.giveUpSettling()).isInstanceOf(Break.class);
  }

  @Test
  void shouldTakeAFallbackWhenEveryPieceOfTheFirstAnswerWasDropped() {
    assembly.on(Chunks.end("a", 0));
    assertThat(assembly.settling()).isFalse();
    assertThat(assembly.on(Chunks.piece("b", 2, 0, Chunks.json("other"), null)))
        .isEqualTo(sent("other"));
  }

  @Test
  void shouldBreakWhenAnotherAttemptAnsweredAfterTheFirstWasStreamed() {
    assembly.on(Chunks.text("a", 0, "hello"));
    assembly.on(Chunks.end("a", 1));
    CompletionResult other = result("good day");
    other.setAttempts(List.of(attempt(1), attempt(2)));
    assertThat(assembly.on(other)).isInstanceOf(Break.class);
  }

  private static AttemptSummary attempt(int number) {
    return AttemptSummary.newBuilder()
        .setAttempt(number)
        .setProvider("p")
        .setModel("m")
        .setStartedAtMillis(0)
        .setEndedAtMillis(0)
        .build();
  }

  @Test
  void shouldBreakWhenTheAnswerWasWithdrawnAfterItWasStreamed() {
    assembly.on(Chunks.text("a", 0, "hello"));
    assembly.on(Chunks.end("a", 1));
    assertThat(assembly.on(Requests.failed(exchange(), "content_blocked", 403)))
        .isInstanceOf(Break.class);
  }

  /**
   * Runs of the same attempt, each a different text, arrive interleaved, repeated, cut off and with
   * gaps, as a topic with redeliveries may have them, and then the result. Whatever the reader got
   * is the beginning of one run or of the result, and a stream that ended well is whole.
   */
  @RepeatedTest(500)
  void shouldNeverMixTwoAnswersWhateverArrives() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<String, List<String>> runs = new HashMap<>();
    List<CompletionChunk> arriving = new ArrayList<>();
    for (int run = 0; run <= random.nextInt(3); run++) {
      arriving = interleaved(arriving, run("run" + run, random, runs), random);
    }
    String answer = String.join("", runs.values().iterator().next());
    StringBuilder got = new StringBuilder();
    boolean done = false;
    boolean ended = false;
    int resultAt = random.nextInt(arriving.size() + 1);
    for (int i = 0; i <= arriving.size() && !ended; i++) {
      if (i == resultAt) {
        StreamStep step = assembly.on(result(answer));
        ended = ends(step, got, answer);
        done = ended && !(step instanceof Break);
      }
      if (!ended && i < arriving.size()) {
        StreamStep step = assembly.on(arriving.get(i));
        ended = ends(step, got, answer);
        done = ended && !(step instanceof Break);
      }
    }
    if (!ended) {
      StreamStep step = assembly.giveUpSettling();
      assertThat(ends(step, got, answer)).as("seed %d", seed).isTrue();
      done = !(step instanceof Break);
    }
    String text = got.toString();
    assertThat(runs.values())
        .as("seed %d: %s", seed, text)
        .anyMatch(run -> String.join("", run).startsWith(text));
    if (done) {
      assertThat(runs.values())
          .as("seed %d: %s", seed, text)
          .anyMatch(run -> String.join("", run).equals(text));
    }
  }

  private static boolean ends(StreamStep step, StringBuilder got, String answer) {
    return switch (step) {
      case StreamStep.Wait nothing -> false;
      case Send(String json) -> {
        got.append(textOf(json));
        yield false;
      }
      case Finish finish -> {
        finish.pieces().forEach(json -> got.append(textOf(json)));
        yield true;
      }
      case Replay replay -> {
        got.append(answer);
        yield true;
      }
      case Break end -> true;
    };
  }

  /** One run's pieces as they arrive: some twice, some not at all, the end perhaps never. */
  private static List<CompletionChunk> run(
      String name, Random random, Map<String, List<String>> runs) {
    List<String> texts = new ArrayList<>();
    List<CompletionChunk> arriving = new ArrayList<>();
    int length = 1 + random.nextInt(6);
    boolean lossy = random.nextInt(3) == 0;
    for (int i = 0; i < length; i++) {
      texts.add(name + "-" + i + " ");
      int copies = lossy ? random.nextInt(3) : 1;
      for (int copy = 0; copy < copies; copy++) {
        arriving.add(Chunks.text(name, i, texts.getLast()));
      }
    }
    if (random.nextInt(4) > 0) {
      arriving.add(random.nextInt(5) == 0 ? Chunks.broken(name, length) : Chunks.end(name, length));
    } else {
      arriving = arriving.subList(0, random.nextInt(arriving.size() + 1));
    }
    runs.put(name, texts);
    return arriving;
  }

  private static List<CompletionChunk> interleaved(
      List<CompletionChunk> left, List<CompletionChunk> right, Random random) {
    List<CompletionChunk> merged = new ArrayList<>();
    int l = 0;
    int r = 0;
    boolean apart = random.nextBoolean();
    while (l < left.size() || r < right.size()) {
      boolean takeLeft = l < left.size() && (r == right.size() || apart || random.nextBoolean());
      merged.add(takeLeft ? left.get(l++) : right.get(r++));
    }
    return merged;
  }

  private static String textOf(String json) {
    try {
      return new com.fasterxml.jackson.databind.ObjectMapper()
          .readTree(json)
          .at("/choices/0/delta/content")
          .asText();
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(json, e);
    }
  }

  private static Send sent(String text) {
    return new Send(Chunks.json(text));
  }

  private static Exchange exchange() {
    return Requests.exchange("default", "r");
  }

  private static CompletionResult result(String text) {
    Exchange exchange = exchange();
    exchange.getRequest().setMessages(List.of(Requests.message("user", text)));
    return Requests.echo(exchange);
  }
}
