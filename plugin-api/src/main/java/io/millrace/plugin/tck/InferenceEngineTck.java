package io.millrace.plugin.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.millrace.plugin.engine.EngineSettings;
import io.millrace.plugin.engine.InferenceEngine;
import io.millrace.plugin.engine.InferenceEngineFactory;
import io.millrace.plugin.engine.LoadedModel;
import io.millrace.plugin.engine.ModelException;
import io.millrace.plugin.engine.ModelLoader;
import io.millrace.plugin.engine.ModelLocation;
import io.millrace.plugin.engine.ModelSource;
import io.millrace.plugin.engine.ModelSource.Data;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.Embeddings;
import io.millrace.plugin.model.RequestKind;
import io.millrace.plugin.provider.ChunkSink;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What every engine keeps to; used as {@link HookTck} is. */
public abstract class InferenceEngineTck {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** A call may take seconds. */
  private static final int CALLS_OF_EACH_THREAD = 5;

  /** For subclasses. */
  protected InferenceEngineTck() {}

  /** The engine's entry point; a new one at every call. */
  protected abstract InferenceEngineFactory factory();

  /** Models that the engine's own loaders read, small ones; at least one. */
  protected abstract List<ModelLocation> models();

  @Test
  void shouldSayWhatItIsTheSameAtEveryCall() {
    assertTrue(factory().name().matches("[a-z][a-z0-9-]{0,63}"), "name: " + factory().name());
    assertEquals(factory().name(), factory().name(), "name() must not change");
    assertFalse(factory().description().isBlank(), "a description helps whoever lists plugins");
  }

  @Test
  void shouldKnowItsCapabilitiesBeforeItIsInitialized() {
    try (InferenceEngine engine = factory().create()) {
      assertFalse(engine.capabilities().formats().isEmpty(), "an engine runs some format");
      assertFalse(engine.capabilities().kinds().isEmpty(), "an engine answers some kind");
      assertTrue(engine.unsupported().isEmpty(), () -> "unsupported: " + engine.unsupported());
    }
  }

  @Test
  void shouldAnswerEachKindOfEachModel() throws Exception {
    withModels(
        model ->
            model
                .kinds()
                .forEach(
                    kind -> {
                      ProviderReply reply = execute(model, request(kind));
                      assertInstanceOf(ProviderReply.Success.class, reply, () -> "reply: " + reply);
                      check(kind, ((ProviderReply.Success) reply).completion());
                    }));
  }

  @Test
  void shouldServeSeveralThreadsAtOnce() throws Exception {
    withModels(
        model -> {
          RequestKind kind = model.kinds().iterator().next();
          Threads.call(
              CALLS_OF_EACH_THREAD,
              i ->
                  assertInstanceOf(
                      ProviderReply.Success.class, execute(model, request(kind)), "a reply"));
        });
  }

  @Test
  void shouldLoadAModelAgainAfterItWasClosed() throws Exception {
    try (InferenceEngine engine = initialized()) {
      for (int i = 0; i < 3; i++) {
        load(engine, models().getFirst()).close();
      }
    }
  }

  @Test
  void shouldRefuseWhatIsNoModel() throws Exception {
    Data rubbish = new Data.InMemory("rubbish".getBytes(StandardCharsets.UTF_8));
    try (InferenceEngine engine = initialized()) {
      String format = engine.capabilities().formats().iterator().next();
      ModelSource source =
          new ModelSource(
              ModelLocation.ofResource("rubbish", "rubbish"), format, rubbish, Map.of());
      ModelException refusal = assertThrows(ModelException.class, () -> engine.load(source));
      assertNotNull(refusal.getMessage(), "a refusal says why");
    }
  }

  private void withModels(Consumer<LoadedModel> use) throws Exception {
    try (InferenceEngine engine = initialized()) {
      for (ModelLocation location : models()) {
        try (LoadedModel model = load(engine, location)) {
          assertFalse(model.kinds().isEmpty(), "a model answers some kind");
          use.accept(model);
        }
      }
    }
  }

  private InferenceEngine initialized() throws ModelException {
    InferenceEngine engine = factory().create();
    engine.initialize(new EngineSettings(1));
    return engine;
  }

  private static LoadedModel load(InferenceEngine engine, ModelLocation location)
      throws ModelException {
    for (ModelLoader loader : engine.loaders()) {
      if (loader.canLoad(location)) {
        ModelSource source = loader.load(location);
        assertTrue(engine.supports(source), "an engine runs what its own loaders read");
        return engine.load(source);
      }
    }
    return fail("none of the engine's loaders reads " + location);
  }

  private static CompletionRequest request(RequestKind kind) {
    return switch (kind) {
      case CHAT -> CompletionRequest.of("sample/model", "Why is the sky blue?");
      case EMBEDDINGS -> Embeddings.request("sample/model", List.of("one text", "another"));
    };
  }

  private static void check(RequestKind kind, Completion completion) {
    assertFalse(completion.choices().isEmpty(), "an answer has choices");
    if (kind == RequestKind.EMBEDDINGS) {
      List<float[]> vectors = Embeddings.vectors(completion);
      assertEquals(2, vectors.size(), "one vector for each input");
      assertEquals(vectors.get(0).length, vectors.get(1).length, "vectors are equally long");
    }
  }

  private static ProviderReply execute(LoadedModel model, CompletionRequest request) {
    try {
      return model.execute(new ProviderRequest(request, "model", "call", null, TIMEOUT), null);
    } catch (ChunkSink.StoppedException e) {
      return fail("stopped by no sink", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return fail("interrupted", e);
    }
  }
}
