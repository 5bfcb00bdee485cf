package io.millrace.plugin.provider;

import io.millrace.plugin.model.Completion;
import io.millrace.plugin.model.PipelineError;
import org.jspecify.annotations.Nullable;

/** How one call ended. */
public sealed interface ProviderReply {

  /** The HTTP status, or null where there was none. */
  @Nullable Integer httpStatus();

  /** What the provider said about its own limits, or null where it said nothing. */
  @Nullable RateLimitStatus rateLimit();

  /**
   * The model answered.
   *
   * @param completion the answer
   */
  record Success(
      Completion completion, @Nullable Integer httpStatus, @Nullable RateLimitStatus rateLimit)
      implements ProviderReply {

    /** From a provider that says nothing about its limits. */
    public Success(Completion completion, @Nullable Integer httpStatus) {
      this(completion, httpStatus, null);
    }
  }

  /**
   * It did not.
   *
   * @param failure settles what the worker does next (hook contract, H26)
   * @param error what the exchange ends with if nothing better comes; its message holds no secret
   */
  record Failure(
      FailureClass failure,
      PipelineError error,
      @Nullable Integer httpStatus,
      @Nullable RateLimitStatus rateLimit)
      implements ProviderReply {

    /** From a provider that says nothing about its limits. */
    public Failure(FailureClass failure, PipelineError error, @Nullable Integer httpStatus) {
      this(failure, error, httpStatus, null);
    }
  }
}
