package io.millrace.schemas.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.plugin.provider.ModelInfo;
import io.millrace.schemas.avro.ReportedModels;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModelReportsTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  @Test
  void shouldSayTheSameThereAndBack() {
    ModelInfo model =
        new ModelInfo(
            "m",
            true,
            false,
            false,
            true,
            Set.of("code", "maths"),
            null,
            null,
            null,
            null,
            1L,
            2L,
            3L,
            null,
            null,
            4.5,
            null);
    ReportedModels report =
        ModelReports.toAvro("p", List.of(model, ModelInfo.of("other")), NOW, "w");
    assertThat(report.getProvider()).isEqualTo("p");
    assertThat(ModelReports.toModel(report)).containsExactly(model, ModelInfo.of("other"));
  }

  @Test
  void shouldKeepWhatCanBeCalledWithinTheBound() {
    List<ModelInfo> models = new ArrayList<>();
    List.of("", " ", "a", "a", "x".repeat(257), "line\nbreak")
        .forEach(name -> models.add(ModelInfo.of(name)));
    for (int i = 0; i < 2_000; i++) {
      models.add(ModelInfo.of("m" + i));
    }
    assertThat(ModelReports.kept(models))
        .hasSize(ModelReports.MAX_MODELS)
        .startsWith(ModelInfo.of("a"), ModelInfo.of("m0"));
  }
}
