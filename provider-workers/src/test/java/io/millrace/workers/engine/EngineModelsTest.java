package io.millrace.workers.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.engine.ModelException;
import io.millrace.plugin.hook.EventTypes;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.provider.HealthReport;
import io.millrace.plugin.provider.HealthRequest;
import io.millrace.plugin.provider.ModelInfo;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When models are loaded and unloaded, by what, and what becomes of one that cannot be loaded. */
class EngineModelsTest extends EngineFixture {

  @Test
  void shouldLoadAModelAtItsFirstCallAndOnlyOnce() throws Exception {
    Provider provider = provider(Map.of());
    assertThat(engine.loads).hasValue(0);
    List<Callable<ProviderReply>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(() -> provider.complete(chat("m", LONG)));
    }
    for (Future<ProviderReply> call : callers.invokeAll(calls)) {
      assertThat(call.get()).isEqualTo(ScriptedEngine.success("answer"));
    }

    assertThat(engine.loads).hasValue(1);
    assertThat(engine.initialized).hasValue(1);
    assertThat(events).containsExactly(EventTypes.MODEL_LOADING, EventTypes.MODEL_LOADED);
    assertThat(
            meters
                .get(EngineMeters.LOADS)
                .tags("provider", "local", "model", "m", "outcome", "loaded")
                .timer()
                .count())
        .isEqualTo(1);
    assertThat(meters.get(EngineMeters.MODELS).gauge().value()).isEqualTo(1);
    assertThat(meters.get(EngineMeters.QUEUE_WAIT).timer().count()).isEqualTo(20);
  }

  @Test
  void shouldUnloadModelsAndEngineWhenClosed() throws Exception {
    Provider provider = provider(Map.of());
    provider.complete(chat("m", LONG));
    created.clear();
    provider.close();

    assertThat(engine.open).hasValue(0);
    assertThat(engine.engineCloses).hasValue(1);
    assertThat(events).endsWith(EventTypes.MODEL_UNLOADED);
    assertThat(meters.find(EngineMeters.MODELS).gauge()).isNull();
  }

  @Test
  void shouldLoadBeforeTheFirstCallWhenTold() {
    provider(Map.of("preload", true));

    assertThat(engine.loads).hasValue(1);
  }

  @Test
  void shouldNotStartWithAModelThatCannotBeLoaded() {
    engine.load = EngineModelsTest::refuseRubbish;

    assertThatThrownBy(() -> provider(Map.of("preload", "true")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("model_files.m: it is rubbish");
    assertThat(engine.engineCloses).hasValue(1);
  }

  @Test
  void shouldNotReadAModelAnewForEachCallWhenItCannotBeLoaded() throws Exception {
    engine.load = EngineModelsTest::refuseRubbish;
    Provider provider = provider(Map.of());
    for (int i = 0; i < 3; i++) {
      ProviderReply.Failure failure = failure(provider.complete(chat("m", LONG)));
      assertThat(failure.error().code()).isEqualTo(ErrorCode.PROVIDER_UNAVAILABLE.wireName());
      assertThat(failure.error().message())
          .isEqualTo("model m of provider local cannot be loaded: it is rubbish");
      assertThat(failure.error().allowFallbacks()).isTrue();
    }
    assertThat(engine.loads).hasValue(1);
    assertThat(events).containsExactly(EventTypes.MODEL_LOADING, EventTypes.MODEL_ERROR);
    assertThat(provider.checkHealth(new HealthRequest(null, LONG)))
        .hasValue(HealthReport.failing("model m: it is rubbish"));

    engine.load = () -> {};
    now.updateAndGet(time -> time.plus(ModelShelf.RETRY_AFTER));
    assertThat(provider.complete(chat("m", LONG))).isInstanceOf(ProviderReply.Success.class);
    assertThat(provider.checkHealth(new HealthRequest(null, LONG))).hasValue(HealthReport.ok());
  }

  @Test
  void shouldSurviveAnEngineThatThrowsWhileItLoads() throws Exception {
    engine.load =
        () -> {
          throw new UnsatisfiedLinkError("no library");
        };
    Provider provider = provider(Map.of());

    assertThat(failure(provider.complete(chat("m", LONG))).error().message())
        .contains("loading failed with java.lang.UnsatisfiedLinkError: no library");
  }

  @Test
  void shouldChooseLoaderAndEngineByTheFile(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("model.gguf"), "");
    Provider provider =
        provider(Map.of("model_files", Map.of("g", Map.of("path", file.toString()))));
    provider.complete(chat("g", LONG));

    assertThat(second.loads).hasValue(1);
    assertThat(engine.initialized).hasValue(0);
    assertThat(provider.models()).containsExactly(ModelInfo.of("g"));
  }

  private static void refuseRubbish() throws ModelException {
    throw new ModelException("it is rubbish");
  }
}
