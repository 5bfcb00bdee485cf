package io.millrace.schemas.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.plugin.model.ErrorCategory;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.schemas.avro.CompletionRequest;
import io.millrace.schemas.avro.Lane;
import io.millrace.schemas.avro.Tool;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AvroModelTest {

  @ParameterizedTest
  @EnumSource
  void shouldKeepErrorOfEachCode(ErrorCode code) {
    PipelineError plain = code.error("It broke.");
    PipelineError full =
        plain
            .withRetryAfter(Duration.ofMillis(1_500))
            .withAllowFallbacks(false)
            .withProviderBody("{}");

    assertThat(AvroModel.toModel(AvroModel.toAvro(plain))).isEqualTo(plain);
    assertThat(AvroModel.toModel(AvroModel.toAvro(full))).isEqualTo(full);
  }

  @Test
  void shouldTryNoFallbackWhenCategoryIsUnknown() {
    var error = AvroModel.toAvro(ErrorCode.UPSTREAM_ERROR.error("It broke."));
    error.setCategory("SOMETHING_NEWER");

    assertThat(AvroModel.toModel(error).category()).isEqualTo(ErrorCategory.INTERNAL);
    assertThat(AvroModel.toModel(error).mayFallBack()).isFalse();
  }

  @Test
  void shouldKeepEnvelopeOfBaseWhenContentIsAnother() {
    CompletionRequest base =
        AvroModel.toAvro(
            io.millrace.plugin.model.CompletionRequest.of("old", "old"), new CompletionRequest());
    base.setRequestId("r1");
    base.setTenant("acme");
    base.setLane(Lane.BATCH);
    base.setTimeoutMillis(7L);
    base.setFallbacks(List.of("a/b"));
    var content = io.millrace.plugin.model.CompletionRequest.of("new", "new");

    CompletionRequest changed = AvroModel.toAvro(content, base);

    assertThat(AvroModel.toModel(changed)).isEqualTo(content);
    assertThat(changed.getRequestId()).isEqualTo("r1");
    assertThat(changed.getTenant()).isEqualTo("acme");
    assertThat(changed.getLane()).isEqualTo(Lane.BATCH);
    assertThat(changed.getTimeoutMillis()).isEqualTo(7L);
    assertThat(changed.getFallbacks()).containsExactly("a/b");
  }

  @Test
  void shouldRefuseToolWhenItIsNeitherFunctionNorJson() {
    CompletionRequest request =
        AvroModel.toAvro(
            io.millrace.plugin.model.CompletionRequest.of("m", "hi"), new CompletionRequest());
    request.setTools(List.of(new Tool(null, "nameless", null, null, null)));

    assertThatThrownBy(() -> AvroModel.toModel(request))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a tool has neither name nor otherJson; one is needed");
  }
}
