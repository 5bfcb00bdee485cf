package io.millrace.stages.hooks.mock;

import io.millrace.plugin.hook.HookContext;
import io.millrace.plugin.hook.PreHookResult;
import io.millrace.plugin.model.CompletionRequest;
import io.millrace.plugin.model.ErrorCategory;
import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An error.
 *
 * @param code one of the pipeline's own, or any other
 * @param message what it says
 * @param status the HTTP status, or null for the code's own, 500 where it has none
 * @param retryAfter advice, or null
 * @param allowFallbacks whether a fallback is tried, or null to leave it to the category
 */
record ErrorReply(
    String code,
    Template message,
    @Nullable Integer status,
    @Nullable Duration retryAfter,
    @Nullable Boolean allowFallbacks)
    implements Reply {

  @Override
  public PreHookResult to(CompletionRequest request, HookContext context) {
    ErrorCode known = ErrorCode.ofWireName(code).orElse(null);
    int http = status != null ? status : known == null ? 500 : known.httpStatus();
    return PreHookResult.fail(
        new PipelineError(
            code,
            known == null ? categoryOf(http) : known.category(),
            message.filled(request, context),
            http,
            retryAfter,
            allowFallbacks,
            null));
  }

  private static ErrorCategory categoryOf(int status) {
    return switch (status) {
      case 401, 403 -> ErrorCategory.AUTHENTICATION;
      case 429 -> ErrorCategory.RATE_LIMIT;
      case 408, 504 -> ErrorCategory.TIMEOUT;
      default -> status < 500 ? ErrorCategory.INVALID_REQUEST : ErrorCategory.UPSTREAM;
    };
  }
}
