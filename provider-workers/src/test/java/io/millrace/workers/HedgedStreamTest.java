package io.millrace.workers;

import static io.millrace.workers.RecordedStream.role;
import static io.millrace.workers.RecordedStream.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Outcome;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.model.TokenPrice;
import io.millrace.plugin.provider.ChunkSink;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import io.millrace.schemas.avro.Lane;
import io.millrace.workers.gate.CallControls;
import io.millrace.workers.gate.HedgeSetting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HedgedStreamTest {

  private static final Duration SOON = Duration.ofMillis(1);
  private static final int RACES = 200;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RecordedStream stream = new RecordedStream();
  private final AtomicInteger givenUp = new AtomicInteger();
  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch firstBegun = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);

  /** What the provider does on a stream. */
  private interface Script {
    ProviderReply stream(boolean first, ChunkSink chunks)
        throws ChunkSink.StoppedException, InterruptedException;
  }

  @Test
  void shouldTakeTheSecondStreamWhenTheFirstShowsNothing() {
    CallResult result =
        execute(
            SOON,
            (first, chunks) -> {
              if (first) {
                chunks.accept(role());
                return hang();
              }
              firstBegun.await(); // its thread may be late
              chunks.accept(role());
              return tell(chunks, "b");
            });
    assertThat(outcome(result)).isInstanceOf(Completion.class);
    assertThat(stream.sent()).containsExactly(role(), text("b0"), text("b1"));
    assertThat(result.calls()).extracting(CallTrace::errorCode).containsExactly("cancelled", null);
    assertThat(result.calls()).extracting(CallTrace::costNanos).containsExactly(21_000L, 21_000L);
    assertThat(hedges(CallMeters.WON)).isOne();
    Awaitility.await().until(() -> givenUp.get() == 1);
  }

  @Test
  void shouldGiveTheSecondUpAtTheFirstPieceOfTheFirst() {
    CountDownLatch secondBegun = new CountDownLatch(1);
    CountDownLatch secondOver = new CountDownLatch(1);
    CallResult result =
        execute(
            SOON,
            (first, chunks) -> {
              if (first) {
                secondBegun.await();
                chunks.accept(text("a0"));
                secondOver.await(); // long before the first has its answer
                chunks.accept(text("a1"));
                return ScriptedProvider.success();
              }
              secondBegun.countDown();
              try {
                return hang();
              } finally {
                secondOver.countDown();
              }
            });
    assertThat(outcome(result)).isInstanceOf(Completion.class);
    assertThat(stream.sent()).containsExactly(text("a0"), text("a1"));
    assertThat(result.calls()).extracting(CallTrace::errorCode).containsExactly(null, "cancelled");
    assertThat(hedges(CallMeters.LOST)).isOne();
  }

  @Test
  void shouldMakeNoSecondCallOnceAPieceHasLeft() {
    Thread caller = Thread.currentThread();
    CallResult result =
        execute(
            Duration.ofMinutes(1),
            (first, chunks) -> {
              chunks.accept(text("a0"));
              // From now on it waits for this call alone, and not for a time to be over.
              Awaitility.await().until(() -> caller.getState() == Thread.State.WAITING);
              return ScriptedProvider.success();
            });
    assertThat(outcome(result)).isInstanceOf(Completion.class);
    assertThat(result.calls()).hasSize(1);
    assertThat(calls).hasValue(1);
  }

  @Test
  void shouldEndWithTheErrorOfTheStreamThatBeganAndNotRepeatIt() {
    CallResult result =
        execute(
            SOON,
            (first, chunks) -> {
              if (first) {
                return hang();
              }
              firstBegun.await();
              chunks.accept(text("b0"));
              return ScriptedProvider.serverError();
            });
    assertThat(outcome(result))
        .isInstanceOfSatisfying(
            PipelineError.class, e -> assertThat(e.code()).isEqualTo("upstream_error"));
    assertThat(calls).hasValue(2);
    assertThat(stream.sent()).containsExactly(text("b0"));
    assertThat(hedges(CallMeters.FAILED)).isOne();
  }

  @Test
  void shouldKnowFromFirstPiecesHowLongToWait() {
    AtomicInteger made = new AtomicInteger();
    Provider provider =
        provider(
            (first, chunks) -> {
              if (made.incrementAndGet() == 31) {
                return hang();
              }
              return tell(chunks, "a");
            });
    CallExecutor executor = executor(null, provider);
    for (int i = 0; i < 30; i++) {
      assertThat(executor.execute(order(new RecordedStream())).calls()).isNotEmpty();
    }
    int before = calls.get();
    CallResult slow = executor.execute(order(stream));
    assertThat(outcome(slow)).isInstanceOf(Completion.class);
    assertThat(calls.get() - before).as("one that hangs and its hedge").isBetween(1, 2);
    assertThat(stream.sent()).containsExactly(text("a0"), text("a1"));
  }

  @Test
  void shouldNeverShowPiecesOfBoth() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < RACES; i++) {
      RecordedStream raced = new RecordedStream();
      int[] spins = {random.nextInt(3_000_000), random.nextInt(1_000_000)};
      boolean[] fails = {random.nextInt(4) == 0, random.nextInt(4) == 0};
      Provider provider =
          provider(
              (first, chunks) -> {
                int call = first ? 0 : 1;
                long until = System.nanoTime() + spins[call];
                while (System.nanoTime() < until) {
                  Thread.yield();
                }
                ProviderReply reply = tell(chunks, first ? "a" : "b");
                return fails[call] ? ScriptedProvider.serverError() : reply;
              });
      CallResult result = executor(SOON, provider).execute(order(raced));
      assertThat(raced.sent())
          .as("seed %d, race %d, %s", seed, i, result)
          .isIn(List.of(text("a0"), text("a1")), List.of(text("b0"), text("b1")));
    }
  }

  private static ProviderReply tell(ChunkSink chunks, String name)
      throws ChunkSink.StoppedException, InterruptedException {
    chunks.accept(text(name + "0"));
    chunks.accept(text(name + "1"));
    return ScriptedProvider.success();
  }

  private ProviderReply hang() throws InterruptedException {
    firstBegun.countDown();
    try {
      never.await();
    } catch (InterruptedException e) {
      givenUp.incrementAndGet();
      throw e;
    }
    return ScriptedProvider.success();
  }

  private Provider provider(Script script) {
    return new Provider() {
      @Override
      public ProviderReply complete(ProviderRequest request) {
        throw new AssertionError("it is streamed");
      }

      @Override
      public ProviderReply stream(ProviderRequest request, ChunkSink chunks)
          throws ChunkSink.StoppedException, InterruptedException {
        calls.incrementAndGet();
        return script.stream("secret-a".equals(request.apiKey()), chunks);
      }
    };
  }

  private CallResult execute(Duration after, Script script) {
    return executor(after, provider(script)).execute(order(stream));
  }

  private CallExecutor executor(@Nullable Duration after, Provider provider) {
    ProviderSetting setting =
        ProviderSetting.of("scripted")
            .withKeys(List.of(ApiKeySetting.of("a", "secret-a"), ApiKeySetting.of("b", "secret-b")))
            .withPrices(Map.of("m", new TokenPrice(150, 600)))
            .withRetries(RetrySetting.none())
            .withControls(CallControls.defaults().withHedge(new HedgeSetting(true, after, 1)));
    return CallExecutors.of(setting, provider, new WorkerMeters(meters, "p"));
  }

  private double hedges(String outcome) {
    return meters.get(CallMeters.HEDGES).tag("outcome", outcome).counter().count();
  }

  private static Outcome outcome(CallResult result) {
    return ((CallResult.Finished) result).outcome();
  }

  private static CallOrder order(StreamedChunks chunks) {
    return new CallOrder(
            CompletionRequest.of("m", "hi"),
            "m",
            "t/r#1",
            Instant.now().plus(Duration.ofMinutes(5)),
            chunks)
        .in(Lane.INTERACTIVE, true);
  }
}
