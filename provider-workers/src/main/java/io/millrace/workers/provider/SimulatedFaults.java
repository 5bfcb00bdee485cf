package io.millrace.workers.provider;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.ProviderReply;
import java.time.Duration;

/** What the simulated provider fails with. */
final class SimulatedFaults {

  private SimulatedFaults() {}

  static ProviderReply timeout(Duration timeout) {
    return new ProviderReply.Failure(
        FailureClass.TIMEOUT,
        ErrorCode.UPSTREAM_TIMEOUT.error(
            "the simulated provider did not answer within %d ms".formatted(timeout.toMillis())),
        null);
  }

  /**
   * Too many calls.
   *
   * @param retryAfterMs what the caller is told to wait; 0 to be told nothing
   */
  static ProviderReply rateLimited(long retryAfterMs) {
    PipelineError error =
        ErrorCode.UPSTREAM_RATE_LIMITED.error("the simulated provider limits its calls");
    return new ProviderReply.Failure(
        FailureClass.RATE_LIMITED,
        retryAfterMs == 0 ? error : error.withRetryAfter(Duration.ofMillis(retryAfterMs)),
        429);
  }

  static ProviderReply failed() {
    return new ProviderReply.Failure(
        FailureClass.SERVER_ERROR,
        ErrorCode.UPSTREAM_ERROR.error("the simulated provider failed with status 500"),
        500);
  }

  static ProviderReply cut() {
    return new ProviderReply.Failure(
        FailureClass.CONNECTION,
        ErrorCode.UPSTREAM_UNREACHABLE.error(
            "the simulated provider cut its stream off before the answer was complete"),
        200);
  }
}
