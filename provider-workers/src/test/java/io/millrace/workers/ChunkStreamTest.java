package io.millrace.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.hook.Chunk;
import io.millrace.plugin.hook.ChunkResult;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.Usage;
import io.millrace.plugin.provider.ChunkSink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class ChunkStreamTest {

  private static final Completion HELLO = Completion.ofText("c", "m", 0, "hello", Usage.of(1, 2));
  private static final PipelineError FORBIDDEN = ErrorCode.FORBIDDEN.error("no more of this");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private MockProducer<byte[], byte[]> producer = producer(true);

  private static MockProducer<byte[], byte[]> producer(boolean acknowledging) {
    return new MockProducer<>(
        acknowledging, null, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private ChunkStream stream(Function<Chunk, ChunkResult> hooks, boolean usage) {
    ChunkOutlet outlet = ChunkOutlets.to(producer, meters);
    return new ChunkStream(hooks, outlet, usage);
  }

  private List<String> sent() {
    return ChunkOutlets.sent(producer);
  }

  private static Outcome outcome(CallResult result) {
    return ((CallResult.Finished) result).outcome();
  }

  private static CallResult finished(Outcome outcome) {
    return new CallResult.Finished(outcome, List.of());
  }

  @Test
  void shouldSendPiecesInOrderAndTheEnd() throws Exception {
    ChunkStream stream = stream(ChunkResult::pass, false);
    assertThat(stream.begun()).isFalse();
    stream.accept("a");
    assertThat(stream.begun()).isTrue();
    stream.accept("b");
    assertThat(outcome(stream.end(finished(HELLO)))).isEqualTo(HELLO);
    assertThat(sent()).containsExactly("0:a", "1:b", "2:null");
    assertThat(meters.get(ChunkMeters.CHUNKS).counter().count()).isEqualTo(2);
  }

  @Test
  void shouldCutAWholeAnswerIntoPieces() {
    stream(ChunkResult::pass, false).end(finished(HELLO));
    assertThat(sent()).hasSize(3);
    assertThat(sent().getFirst()).contains("\"content\":\"hello\"");
    assertThat(sent().getLast()).isEqualTo("2:null");
  }

  @Test
  void shouldTellUsageOnceAndOnlyWhenAsked() throws Exception {
    String usage = "{\"choices\":[],\"usage\":{\"total_tokens\":9}}";
    ChunkStream asked = stream(ChunkResult::pass, true);
    asked.accept("a");
    asked.accept(usage);
    asked.end(finished(HELLO));
    assertThat(sent()).hasSize(3);
    assertThat(sent().get(1)).contains("\"total_tokens\":3");
    producer.clear();
    ChunkStream notAsked = stream(ChunkResult::pass, false);
    notAsked.accept("a");
    notAsked.accept(usage);
    notAsked.end(finished(HELLO));
    assertThat(sent()).containsExactly("0:a", "1:null");
  }

  @Test
  void shouldLeaveNoGapWhenAHookDropsAPiece() throws Exception {
    List<Long> seen = new ArrayList<>();
    ChunkStream stream =
        stream(
            chunk -> {
              seen.add(chunk.sequence());
              return chunk.json().equals("b") ? ChunkResult.drop() : ChunkResult.pass(chunk);
            },
            false);
    stream.accept("a");
    stream.accept("b");
    stream.accept("c");
    stream.end(finished(HELLO));
    assertThat(seen).containsExactly(0L, 1L, 2L);
    assertThat(sent()).containsExactly("0:a", "1:c", "2:null");
  }

  @Test
  void shouldStopTheCallWhenAHookAborts() throws Exception {
    ChunkStream stream =
        stream(
            chunk -> chunk.sequence() == 1 ? ChunkResult.abort(FORBIDDEN) : ChunkResult.pass(chunk),
            false);
    stream.accept("a");
    assertThatThrownBy(() -> stream.accept("b"))
        .isInstanceOfSatisfying(
            ChunkSink.StoppedException.class,
            stopped -> assertThat(stopped.error()).isEqualTo(FORBIDDEN));
    stream.end(finished(FORBIDDEN));
    assertThat(sent()).containsExactly("0:a", "1:forbidden");
  }

  @Test
  void shouldEndTheAttemptWithTheErrorWhenAHookAbortsAWholeAnswer() {
    ChunkStream stream =
        stream(
            chunk -> chunk.sequence() == 1 ? ChunkResult.abort(FORBIDDEN) : ChunkResult.pass(chunk),
            false);
    assertThat(outcome(stream.end(finished(HELLO)))).isEqualTo(FORBIDDEN.withAllowFallbacks(false));
    assertThat(sent()).hasSize(2).last().isEqualTo("1:forbidden");
  }

  @Test
  void shouldSayNothingWhenTheAttemptFailsBeforeAPiece() {
    stream(ChunkResult::pass, false).end(finished(FORBIDDEN));
    assertThat(sent()).isEmpty();
  }

  @Test
  void shouldSayThatItBrokeOffWhenTheWorkerStops() throws Exception {
    ChunkStream stream = stream(ChunkResult::pass, false);
    stream.accept("a");
    CallResult result = stream.end(new CallResult.Abandoned(List.of()));
    assertThat(result).isInstanceOf(CallResult.Abandoned.class);
    assertThat(sent()).containsExactly("0:a", "1:stream_interrupted");
  }

  @Test
  void shouldSendNothingAfterAPieceThatTheBrokerRefuses() throws Exception {
    producer = producer(false);
    ChunkStream stream = stream(ChunkResult::pass, false);
    stream.accept("a");
    stream.accept("b");
    producer.errorNext(new RecordTooLargeException("too large"));
    stream.accept("c");
    assertThat(outcome(stream.end(finished(HELLO)))).isEqualTo(HELLO);
    assertThat(sent()).containsExactly("0:a", "1:b");
    assertThat(meters.get(ChunkMeters.BROKEN_STREAMS).counter().count()).isOne();
  }

  @Test
  void shouldMakeTheProviderWaitWhileTooMuchIsOnItsWay() throws Exception {
    producer = producer(false);
    ChunkStream stream = stream(ChunkResult::pass, false);
    CountDownLatch allAccepted = new CountDownLatch(1);
    Thread provider =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    for (int i = 0; i <= ChunkOutlet.MAX_UNACKNOWLEDGED; i++) {
                      stream.accept("x");
                    }
                    allAccepted.countDown();
                  } catch (ChunkSink.StoppedException | InterruptedException e) {
                    throw new AssertionError(e);
                  }
                });
    org.awaitility.Awaitility.await().until(() -> provider.getState() == Thread.State.WAITING);
    assertThat(sent()).hasSize(ChunkOutlet.MAX_UNACKNOWLEDGED);
    producer.completeNext();
    assertThat(allAccepted.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(sent()).hasSize(ChunkOutlet.MAX_UNACKNOWLEDGED + 1);
  }

  @Test
  void shouldRefuseAPieceThatIsTooLong() {
    String tooLong = "x".repeat(ChunkSink.MAX_CHUNK_CHARACTERS + 1);
    assertThatThrownBy(() -> stream(ChunkResult::pass, false).accept(tooLong))
        .isInstanceOf(ChunkSink.StoppedException.class)
        .hasMessageContaining("262144");
  }
}
