package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KnownModelsTest {

  private static io.millrace.plugin.provider.ModelInfo told(String name) {
    return io.millrace.plugin.provider.ModelInfo.of(name);
  }

  @Test
  void shouldPutWhatAProviderReportsInItsPlace() {
    KnownModels models =
        new KnownModels(
            List.of(
                new ModelInfo("p/a", "p"),
                ModelInfo.allOf("p"),
                ModelInfo.allOf("silent"),
                new ModelInfo("fast", "p")),
            () -> Map.of("p", List.of(told("a"), told("org/b")), "other", List.of(told("c"))));
    assertThat(models.now()).extracting(ModelInfo::id).containsExactly("p/a", "p/org/b", "fast");
  }

  @Test
  void shouldNotListWhatIsSwitchedOffEvenWhereItIsReported() {
    KnownModels models =
        new KnownModels(
            List.of(
                new ModelInfo("p/a", "p"),
                new ModelInfo("p/off", "p").disabled(),
                ModelInfo.allOf("p"),
                new ModelInfo("nobody", "p").disabled()),
            () -> Map.of("p", List.of(told("off"), told("b"))));
    assertThat(models.now()).extracting(ModelInfo::id).containsExactly("p/a", "p/b");
  }
}
