package io.millrace.workers;

import static io.millrace.workers.RecordedStream.role;
import static io.millrace.workers.RecordedStream.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.provider.ChunkSink.StoppedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AttemptChunksTest {

  private static final int RACES = 2_000;

  private final RecordedStream stream = new RecordedStream();
  private final AttemptChunks chunks = new AttemptChunks(stream);

  @Test
  void shouldHoldARoleBackUntilThereIsSomethingToShow() throws Exception {
    AttemptChunks.OfCall call = chunks.open();
    AtomicInteger told = new AtomicInteger();
    call.onFirst(told::incrementAndGet);
    call.accept(role());
    assertThat(stream.begun()).isFalse();
    assertThat(told).hasValue(0);
    call.accept(text("a"));
    assertThat(stream.sent()).containsExactly(role(), text("a"));
    call.accept(role());
    assertThat(stream.sent()).hasSize(3);
    assertThat(told).hasValue(1);
    assertThat(stream.restarts()).isOne();
  }

  @Test
  void shouldForgetWhatWasHeldWhenTheCallFails() throws Exception {
    AttemptChunks.OfCall first = chunks.open();
    first.accept(role());
    first.close();
    AttemptChunks.OfCall second = chunks.open();
    second.accept(role());
    second.accept(text("b"));
    assertThat(second.answered()).isTrue();
    assertThat(stream.sent()).containsExactly(role(), text("b"));
  }

  @Test
  void shouldHoldNoMoreThanItsBounds() throws Exception {
    AttemptChunks.OfCall call = chunks.open();
    for (int i = 0; i < AttemptChunks.MAX_HELD; i++) {
      call.accept(role());
    }
    assertThat(stream.sent()).isEmpty();
    call.accept(role());
    assertThat(stream.sent()).hasSize(AttemptChunks.MAX_HELD + 1);
  }

  @Test
  void shouldNotHoldWhatIsLongAndBare() throws Exception {
    chunks.open().accept(role() + " ".repeat(AttemptChunks.MAX_HELD_CHARACTERS));
    assertThat(stream.sent()).hasSize(1);
  }

  @Test
  void shouldStopACallThatIsLate() throws Exception {
    AttemptChunks.OfCall first = chunks.open();
    AttemptChunks.OfCall second = first.beside();
    first.accept(role());
    second.accept(text("b"));
    assertThatThrownBy(() -> first.accept(text("a")))
        .isInstanceOfSatisfying(
            StoppedException.class, e -> assertThat(e.error()).isSameAs(AttemptChunks.LOST));
    assertThat(first.answered()).isFalse();
    first.close();
    second.accept(text("c"));
    second.close();
    assertThat(stream.sent()).containsExactly(text("b"), text("c"));
    assertThatThrownBy(() -> chunks.open().accept(text("d"))).isInstanceOf(StoppedException.class);
  }

  @Test
  void shouldGiveTheStreamToAWholeAnswerForGood() throws Exception {
    AttemptChunks.OfCall whole = chunks.open();
    AttemptChunks.OfCall other = chunks.open();
    assertThat(whole.answered()).isTrue();
    whole.close();
    assertThatThrownBy(() -> other.accept(text("b"))).isInstanceOf(StoppedException.class);
    assertThat(other.answered()).isFalse();
    assertThat(stream.sent()).isEmpty();
  }

  @Test
  void shouldTakeNothingFromACallThatWasGivenUp() throws Exception {
    AttemptChunks.OfCall call = chunks.open();
    call.accept(role());
    call.close();
    assertThatThrownBy(() -> call.accept(text("a"))).isInstanceOf(StoppedException.class);
    assertThat(call.answered()).isFalse();
    assertThat(stream.begun()).isFalse();
  }

  @Test
  void shouldNeverHoldPiecesOfTwoCalls() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < RACES; i++) {
      RecordedStream raced = new RecordedStream();
      AttemptChunks attempt = new AttemptChunks(raced);
      List<Thread> calls = new ArrayList<>();
      for (String name : List.of("a", "b", "c")) {
        calls.add(race(attempt.open(), name, random.nextInt(4), random.nextInt(4)));
      }
      for (Thread call : calls) {
        call.join();
      }
      List<String> sent = raced.sent().stream().filter(json -> !json.equals(role())).toList();
      String winner = sent.isEmpty() ? "" : sent.getFirst().replaceAll(".*\"([abc])0\".*", "$1");
      List<String> expected = new ArrayList<>();
      for (int piece = 0; piece < sent.size(); piece++) {
        expected.add(text(winner + piece));
      }
      assertThat(sent).as("seed %d, race %d", seed, i).isEqualTo(expected);
    }
  }

  /** A call that sends roles, then pieces, and then fails or has its answer. */
  private static Thread race(AttemptChunks.OfCall call, String name, int roles, int pieces) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                for (int i = 0; i < roles; i++) {
                  call.accept(role());
                  Thread.yield();
                }
                for (int i = 0; i < pieces; i++) {
                  call.accept(text(name + i));
                  Thread.yield();
                }
                if (roles > 1) {
                  call.answered();
                }
              } catch (StoppedException e) {
                assertThat(e.error()).isEqualTo(AttemptChunks.LOST);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              } finally {
                call.close();
              }
            });
  }
}
