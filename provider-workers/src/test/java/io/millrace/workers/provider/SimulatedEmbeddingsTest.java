package io.millrace.workers.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.Embeddings;
import io.millrace.plugin.provider.Provider;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.plugin.provider.ProviderRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimulatedEmbeddingsTest {

  @Test
  void shouldGiveEachTextAVectorOfItsOwnThatNeverChanges() throws Exception {
    List<float[]> vectors = vectors(0, Map.of(), "one", "two", "one");

    assertThat(vectors).hasSize(3).allSatisfy(vector -> assertThat(vector).hasSize(256));
    assertThat(vectors.get(0)).isEqualTo(vectors.get(2));
    assertThat(product(vectors.get(0), vectors.get(0))).isCloseTo(1, within(1e-5));
    assertThat(product(vectors.get(0), vectors.get(1))).isBetween(-0.5, 0.5);
    assertThat(vectors(0, Map.of(), "one").getFirst()).isEqualTo(vectors.get(0));
    assertThat(vectors(1, Map.of(), "one").getFirst()).isNotEqualTo(vectors.get(0));
  }

  @Test
  void shouldGiveAsManyDimensionsAsAreAskedFor() throws Exception {
    assertThat(vectors(0, Map.of("dimensions", "7"), "x").getFirst()).hasSize(7);
    assertThat(vectors(0, Map.of("dimensions", "0"), "x").getFirst()).hasSize(1);
    assertThat(vectors(0, Map.of("dimensions", "\"x\""), "x").getFirst()).hasSize(256);
  }

  private static List<float[]> vectors(long seed, Map<String, String> extra, String... texts)
      throws Exception {
    try (Provider provider =
        new SimulatedProviderFactory().create("sim", Map.of("latency_ms", 0, "seed", seed))) {
      ProviderRequest request =
          new ProviderRequest(
              Embeddings.request("m", List.of(texts)).withExtra(extra),
              "m",
              "call",
              null,
              Duration.ofSeconds(1));
      Completion answer = ((ProviderReply.Success) provider.embed(request)).completion();
      assertThat(answer.usage().completionTokens()).isZero();
      return Embeddings.vectors(answer);
    }
  }

  private static double product(float[] left, float[] right) {
    double product = 0;
    for (int i = 0; i < left.length; i++) {
      product += (double) left[i] * right[i];
    }
    return product;
  }
}
