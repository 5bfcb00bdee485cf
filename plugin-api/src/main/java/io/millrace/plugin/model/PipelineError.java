package io.millrace.plugin.model;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why there is no completion. Immutable. Carries no secret: messages from providers are redacted
 * before they get here.
 *
 * @param code stable name, see {@link ErrorCode}; plugins may have their own
 * @param category what kind of failure it is
 * @param message for a person: what was wrong and what would be right
 * @param httpStatus what a waiting caller gets, 400 to 599
 * @param retryAfter when it may be worth another try, or null
 * @param allowFallbacks whether a fallback may be tried; null leaves it to the category (H18, H19)
 * @param providerBody what the provider answered, cut to a bound, or null
 */
public record PipelineError(
    String code,
    ErrorCategory category,
    String message,
    int httpStatus,
    @Nullable Duration retryAfter,
    @Nullable Boolean allowFallbacks,
    @Nullable String providerBody)
    implements Outcome {

  /** Checks the status. */
  public PipelineError {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(category, "category");
    Objects.requireNonNull(message, "message");
    if (httpStatus < 400 || httpStatus > 599) {
      throw new IllegalArgumentException("httpStatus must be 400 to 599, is " + httpStatus);
    }
  }

  /** Whether a fallback may be tried after this error. */
  public boolean mayFallBack() {
    return allowFallbacks != null ? allowFallbacks : category.fallbacksByDefault();
  }

  /** This error with the fallback question settled. */
  public PipelineError withAllowFallbacks(boolean allowed) {
    return new PipelineError(
        code, category, message, httpStatus, retryAfter, allowed, providerBody);
  }

  /** This error with advice on when to try again. */
  public PipelineError withRetryAfter(Duration after) {
    return new PipelineError(
        code, category, message, httpStatus, after, allowFallbacks, providerBody);
  }

  /** This error with what the provider answered. */
  public PipelineError withProviderBody(String body) {
    return new PipelineError(code, category, message, httpStatus, retryAfter, allowFallbacks, body);
  }
}
