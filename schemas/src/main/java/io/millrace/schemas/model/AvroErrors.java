package io.millrace.schemas.model;

import io.millrace.plugin.model.ErrorCategory;
import io.millrace.schemas.avro.PipelineError;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Errors, both ways. */
final class AvroErrors {

  private AvroErrors() {}

  static io.millrace.plugin.model.PipelineError toModel(PipelineError error) {
    @Nullable Long retryAfterMillis = error.getRetryAfterMillis();
    return new io.millrace.plugin.model.PipelineError(
        error.getCode(),
        category(error.getCategory()),
        error.getMessage(),
        error.getHttpStatus(),
        retryAfterMillis == null ? null : Duration.ofMillis(retryAfterMillis),
        error.getAllowFallbacks(),
        error.getProviderBody());
  }

  static PipelineError toAvro(io.millrace.plugin.model.PipelineError error) {
    @Nullable Duration retryAfter = error.retryAfter();
    return new PipelineError(
        error.code(),
        error.category().name(),
        error.message(),
        error.httpStatus(),
        retryAfter == null ? null : retryAfter.toMillis(),
        error.allowFallbacks(),
        error.providerBody());
  }

  private static ErrorCategory category(String name) {
    return Arrays.stream(ErrorCategory.values())
        .filter(category -> category.name().equals(name))
        .findFirst()
        .orElse(ErrorCategory.INTERNAL);
  }
}
