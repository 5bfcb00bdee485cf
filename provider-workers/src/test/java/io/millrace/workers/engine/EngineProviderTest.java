package io.millrace.workers.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.hook.EventTypes;
import io.millrace.plugin.model.Embeddings;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.provider.ChunkSink;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls to a model in this process, and the settings. */
class EngineProviderTest extends EngineFixture {

  private static final Duration SHORT = Duration.ofMillis(100);

  @Test
  void shouldWaitNoLongerForAModelThanTheCallMay() throws Exception {
    CountDownLatch ready = new CountDownLatch(1);
    engine.load = () -> awaitQuietly(ready);
    Provider provider = provider(Map.of());

    assertThat(failure(provider.complete(chat("m", SHORT))).failure())
        .isEqualTo(FailureClass.TIMEOUT);
    ready.countDown();
    assertThat(provider.complete(chat("m", LONG))).isInstanceOf(ProviderReply.Success.class);
    assertThat(engine.loads).hasValue(1);
  }

  @Test
  void shouldCountTheWaitForAThreadAsTime() throws Exception {
    Provider provider = provider(Map.of("max_concurrent", 1));
    CountDownLatch go = new CountDownLatch(1);
    Future<ProviderReply> slow = callUntil(go, provider);

    assertThat(failure(provider.complete(chat("m", SHORT))).failure())
        .isEqualTo(FailureClass.TIMEOUT);
    assertThat(meters.get(EngineMeters.QUEUED).gauge().value()).isZero();
    go.countDown();
    assertThat(slow.get()).isInstanceOf(ProviderReply.Success.class);
  }

  @Test
  void shouldSendCallsAwayWhenTooManyWait() throws Exception {
    Provider provider = provider(Map.of("max_concurrent", 1, "max_queued", 0));
    CountDownLatch go = new CountDownLatch(1);
    Future<ProviderReply> slow = callUntil(go, provider);

    ProviderReply.Failure failure = failure(provider.complete(chat("m", LONG)));
    assertThat(failure.failure()).isEqualTo(FailureClass.RATE_LIMITED);
    go.countDown();
    assertThat(slow.get()).isInstanceOf(ProviderReply.Success.class);
  }

  @Test
  void shouldInterruptTheComputationWhenTheCallerIs() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    engine.call =
        () -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
          return ScriptedEngine.success("never");
        };
    Provider provider = provider(Map.of());
    Future<ProviderReply> call = callers.submit(() -> provider.complete(chat("m", LONG)));
    begun.await();
    call.cancel(true);

    assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void shouldSayThatTheEngineFailed() throws Exception {
    engine.call =
        () -> {
          throw new IllegalStateException("secret text of a prompt");
        };

    ProviderReply.Failure failure = failure(provider(Map.of()).complete(chat("m", LONG)));
    assertThat(failure.error().message())
        .isEqualTo("the engine of provider local failed with java.lang.IllegalStateException");
  }

  @Test
  void shouldHandChunksOnAndStopWhenTold() throws Exception {
    List<String> chunks = new CopyOnWriteArrayList<>();
    Provider provider = provider(Map.of());

    assertThat(provider.stream(chat("m", LONG), chunks::add))
        .isInstanceOf(ProviderReply.Success.class);
    assertThat(chunks).containsExactly("{}");
    assertThatThrownBy(
            () ->
                provider.stream(
                    chat("m", LONG),
                    chunk -> {
                      throw new ChunkSink.StoppedException(ErrorCode.CANCELLED.error("enough"));
                    }))
        .isInstanceOf(ChunkSink.StoppedException.class);
  }

  @Test
  void shouldRefuseWhatTheModelIsNotMadeFor() throws Exception {
    ProviderRequest request =
        new ProviderRequest(Embeddings.request("m", List.of("x")), "m", "call", null, LONG);

    assertThat(failure(provider(Map.of()).embed(request)).error().message())
        .isEqualTo("model m cannot be asked for embeddings, only for chat");
    assertThat(failure(provider(Map.of()).complete(chat("other", LONG))).error().message())
        .isEqualTo("provider local has no model 'other'; it has m");
  }

  @Test
  void shouldWriteEventsOfCallsWhenTold() throws Exception {
    Provider provider = provider(Map.of("call_events", true));
    provider.complete(chat("m", LONG));
    provider.complete(chat("other", LONG));

    assertThat(events)
        .containsExactly(
            EventTypes.INFERENCE_STARTED,
            EventTypes.MODEL_LOADING,
            EventTypes.MODEL_LOADED,
            EventTypes.INFERENCE_COMPLETED);
  }

  @Test
  void shouldSayThatNoEngineRunsHere() throws Exception {
    engine.unsupported = Optional.of("no such processor");

    assertThat(failure(provider(Map.of()).complete(chat("m", LONG))).error().message())
        .contains("no engine runs it: engine first does not run here: no such processor")
        .contains("engine second does not run bin");
  }

  @Test
  void shouldSayWhichSettingIsWrong(@TempDir Path folder) {
    String missing = folder.resolve("none.bin").toString();
    assertRefused(Map.of("model_files", Map.of()), "model_files must name 1 to 64 models");
    assertRefused(
        Map.of("model_files", Map.of("m", Map.of())),
        "model_files.m must have either path (a file or folder) or resource, has neither");
    assertRefused(
        Map.of("model_files", Map.of("m", Map.of("path", missing))),
        "model_files.m.path: there is no " + missing);
    assertRefused(
        Map.of("model_files", Map.of("m", Map.of("resource", "m.xyz"))),
        "model_files.m: nothing loads resource m.xyz: there are loaders for files that end in .bin,"
            + " .gguf");
    assertRefused(
        Map.of("engine", "third"), "there is no engine 'third': engines are first, second");
    assertRefused(Map.of("threads", 0), "threads must be a whole number from 1 to 256, is '0'");
    assertRefused(Map.of("preload", "maybe"), "preload must be true or false, is 'maybe'");
    assertRefused(Map.of("thread", 1), "there is no setting 'thread': settings are call_events");
  }

  /** A call that has begun and computes until it is told to end. */
  private Future<ProviderReply> callUntil(CountDownLatch go, Provider provider)
      throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    engine.call =
        () -> {
          begun.countDown();
          go.await();
          return ScriptedEngine.success("slow");
        };
    Future<ProviderReply> call = callers.submit(() -> provider.complete(chat("m", LONG)));
    begun.await();
    return call;
  }

  private void assertRefused(Map<String, Object> settings, String message) {
    assertThatThrownBy(() -> provider(settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
