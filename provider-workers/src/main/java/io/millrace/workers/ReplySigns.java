package io.millrace.workers;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.provider.FailureClass;
import io.millrace.plugin.provider.ProviderReply;
import io.millrace.workers.gate.Signal;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the end of a call says of its model.
 *
 * @param keys how many keys the model may be called with, at least 1
 * @param timeout the most a call to it may take
 */
record ReplySigns(int keys, Duration timeout) {

  private static final int SERVICE_UNAVAILABLE = 503;
  private static final int OVERLOADED = 529;

  /** How much it was refused for load, 0 to 1: 429 is about one key, 503 and 529 are about all. */
  double refused(ProviderReply reply) {
    if (!(reply instanceof ProviderReply.Failure failure)) {
      return 0;
    }
    if (failure.failure() == FailureClass.RATE_LIMITED) {
      return 1.0 / keys;
    }
    Integer status = failure.httpStatus();
    return status != null && (status == SERVICE_UNAVAILABLE || status == OVERLOADED) ? 1 : 0;
  }

  /**
   * What it says of the provider's health. What was refused before it got there, which has no
   * status, says nothing.
   *
   * @param given the most the call was allowed to take
   * @param usual what calls take, where that is known
   */
  Signal signal(ProviderReply reply, Duration given, Supplier<Optional<Duration>> usual) {
    return switch (reply) {
      case ProviderReply.Success success -> Signal.SUCCESS;
      case ProviderReply.Failure failure when ours(failure) -> Signal.NOTHING;
      case ProviderReply.Failure failure ->
          switch (failure.failure()) {
            case CONNECTION, SERVER_ERROR, INVALID_RESPONSE -> Signal.FAULT;
            case TIMEOUT -> fair(given, usual) ? Signal.FAULT : Signal.NOTHING;
            case RATE_LIMITED, KEY_REJECTED, REQUEST_REJECTED ->
                failure.httpStatus() == null ? Signal.NOTHING : Signal.REFUSAL;
          };
    };
  }

  /** Whoever gives a model little time says nothing of it by giving up. */
  private boolean fair(Duration given, Supplier<Optional<Duration>> usual) {
    return given.compareTo(timeout) >= 0
        || usual.get().filter(time -> given.compareTo(time.multipliedBy(2)) >= 0).isPresent();
  }

  private static boolean ours(ProviderReply.Failure failure) {
    String code = failure.error().code();
    return code.equals(ErrorCode.CANCELLED.wireName())
        || code.equals(ErrorCode.INTERNAL_ERROR.wireName());
  }
}
