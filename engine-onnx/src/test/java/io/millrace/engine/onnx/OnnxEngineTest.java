package io.millrace.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.engine.EngineSettings;
import io.millrace.plugin.engine.LoadedModel;
import io.millrace.plugin.engine.ModelException;
import io.millrace.plugin.engine.ModelLocation;
import io.millrace.plugin.engine.ModelSource;
import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Content;
import io.millrace.plugin.model.Embeddings;
import io.millrace.plugin.model.Message;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class OnnxEngineTest {

  private static final OnnxEngine ENGINE = new OnnxEngine();
  private static LoadedModel model;

  @BeforeAll
  static void load() throws Exception {
    ENGINE.initialize(new EngineSettings(1));
    model = ENGINE.load(source(Map.of()));
  }

  @AfterAll
  static void close() {
    model.close();
    ENGINE.close();
  }

  @Test
  void shouldPutTextsOfTheSameMeaningNearEachOther() throws Exception {
    List<float[]> vectors =
        vectors(
            "A cat sits on the mat.",
            "There is a kitten lying on a rug.",
            "The central bank raised interest rates.",
            "Monetary policy was tightened by the central bank.");

    assertThat(cosine(vectors.get(0), vectors.get(1))).isGreaterThan(0.5);
    assertThat(cosine(vectors.get(2), vectors.get(3))).isGreaterThan(0.5);
    assertThat(cosine(vectors.get(0), vectors.get(2))).isLessThan(0.2);
    assertThat(cosine(vectors.get(1), vectors.get(3))).isLessThan(0.2);
  }

  @Test
  void shouldGiveVectorsOfLengthOne() throws Exception {
    assertThat(vectors("x", "A longer text, with punctuation!", "日本語"))
        .allSatisfy(
            vector -> {
              assertThat(vector).hasSize(MiniLm.DIMENSIONS);
              assertThat(cosine(vector, vector)).isCloseTo(1, within());
            });
  }

  @Test
  void shouldGiveATextTheSameVectorAtEveryCallAndInAnyCompany() throws Exception {
    float[] alone = vectors("the same text").getFirst();

    assertThat(vectors("the same text").getFirst()).isEqualTo(alone);
    assertThat(vectors("a much longer text that comes before it", "the same text", "x").get(1))
        .isEqualTo(alone);
  }

  @Test
  void shouldCutLongTexts() throws Exception {
    Completion answer = answer(MiniLm.request("word ".repeat(200_000)));

    assertThat(answer.usage().promptTokens()).isEqualTo(256);
    assertThat(Embeddings.vectors(answer).getFirst())
        .isEqualTo(vectors("word ".repeat(300)).getFirst());
  }

  @Test
  void shouldCountTokensOfAllInputs() throws Exception {
    assertThat(answer(MiniLm.request("hello world", "hello")).usage().promptTokens())
        .isEqualTo(4 + 3);
  }

  @Test
  void shouldGiveTheSameVectorsToManyThreads() throws Exception {
    float[] expected = vectors("many threads").getFirst();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Callable<float[]>> calls = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        calls.add(() -> vectors("many threads").getFirst());
      }
      for (Future<float[]> call : threads.invokeAll(calls)) {
        assertThat(call.get()).isEqualTo(expected);
      }
    }
  }

  /** A leak of one call's tensors would be 400 KB, so 1,000 of them 400 MB. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void shouldNotGrowOverAThousandCalls() throws Exception {
    String text = "a text of some length, so that it would show. ".repeat(10);
    for (int i = 0; i < 50; i++) {
      vectors(text);
    }
    long before = residentKilobytes();
    for (int i = 0; i < 1_000; i++) {
      vectors("text " + i);
    }

    assertThat(residentKilobytes() - before).isLessThan(100_000);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void shouldFreeMemoryOfClosedModels() throws Exception {
    loadAndClose(4); // until then the allocator keeps more and more of what it was given back
    long before = residentKilobytes();
    loadAndClose(8);

    // The model has 23 MB.
    assertThat(residentKilobytes() - before).isLessThan(150_000);
  }

  private static void loadAndClose(int times) throws Exception {
    for (int i = 0; i < times; i++) {
      ENGINE.load(source(Map.of())).close();
    }
  }

  @Test
  void shouldRefuseOtherDimensionsThanItHas() throws Exception {
    assertThat(execute(with(Map.of("dimensions", "384"))))
        .isInstanceOf(ProviderReply.Success.class);
    ProviderReply.Failure failure =
        (ProviderReply.Failure) execute(with(Map.of("dimensions", "256")));

    assertThat(failure.failure()).isEqualTo(FailureClass.REQUEST_REJECTED);
    assertThat(failure.error().message())
        .isEqualTo("model all-minilm-l6-v2 has vectors of 384 dimensions, not of 256");
  }

  @Test
  void shouldRefuseTokensOfAnotherTokenizer() throws Exception {
    Content tokens =
        new Content.Parts(
            List.of(new Content.OtherPart("{\"type\":\"input_tokens\",\"tokens\":[1]}")));
    Message message = new Message("user", tokens, null, List.of(), null, Map.of());
    ProviderReply.Failure failure =
        (ProviderReply.Failure)
            execute(
                MiniLm.request(
                    Embeddings.request("m", List.of("x")).withMessages(List.of(message))));

    assertThat(failure.error().message()).startsWith("input[0] is not a text");
  }

  @Test
  void shouldStopWhenTimeIsOver() throws Exception {
    ProviderRequest request = MiniLm.request("x", "y");
    ProviderReply.Failure failure =
        (ProviderReply.Failure)
            execute(
                new ProviderRequest(
                    request.request(), request.model(), "call", null, Duration.ofNanos(1)));

    assertThat(failure.failure()).isEqualTo(FailureClass.TIMEOUT);
  }

  @Test
  void shouldStopWhenInterrupted() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> execute(MiniLm.request("x"))).isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void shouldRefuseMoreTokensThanTheModelTakes() {
    assertThatThrownBy(() -> ENGINE.load(source(Map.of("max_tokens", 1_024))))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("the model fails at an input of 1024 tokens: lower max_tokens?");
  }

  @Test
  void shouldSayWhichOptionIsWrong() {
    assertThatThrownBy(() -> ENGINE.load(source(Map.of("max_tokens", 0))))
        .hasMessage("max_tokens must be a whole number from 8 to 8192, is '0'");
    assertThatThrownBy(() -> ENGINE.load(source(Map.of("pooling", "max"))))
        .hasMessage("pooling must be mean or cls, is 'max'");
    assertThatThrownBy(() -> ENGINE.load(source(Map.of("normalise", true))))
        .hasMessage("there is no option 'normalise': options are max_tokens, normalize, pooling");
  }

  @Test
  void shouldPoolAsItIsTold() throws Exception {
    try (LoadedModel first = ENGINE.load(source(Map.of("pooling", "cls", "normalize", "false")))) {
      ProviderReply.Success reply =
          (ProviderReply.Success) first.execute(MiniLm.request("some text"), null);
      float[] vector = Embeddings.vectors(reply.completion()).getFirst();

      assertThat(vector).isNotEqualTo(vectors("some text").getFirst());
      assertThat(cosine(vector, vector)).isNotCloseTo(1, within());
    }
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-4);
  }

  private static ModelSource source(Map<String, Object> options) throws ModelException {
    ModelLocation location = MiniLm.location().withOptions(options);
    return ENGINE.loaders().getFirst().load(location);
  }

  private static ProviderRequest with(Map<String, String> extra) {
    return MiniLm.request(Embeddings.request("m", List.of("x")).withExtra(extra));
  }

  private static List<float[]> vectors(String... texts) throws Exception {
    return Embeddings.vectors(answer(MiniLm.request(texts)));
  }

  private static Completion answer(ProviderRequest request) throws Exception {
    return ((ProviderReply.Success) execute(request)).completion();
  }

  private static ProviderReply execute(ProviderRequest request) throws Exception {
    return model.execute(request, null);
  }

  private static double cosine(float[] left, float[] right) {
    double product = 0;
    for (int i = 0; i < left.length; i++) {
      product += (double) left[i] * right[i];
    }
    return product;
  }

  /** Without what the heap does not need: how much of it was touched is the collector's affair. */
  private static long residentKilobytes() throws Exception {
    System.gc();
    try (BufferedReader status = Files.newBufferedReader(Path.of("/proc/self/status"))) {
      return status
          .lines()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    }
  }
}
