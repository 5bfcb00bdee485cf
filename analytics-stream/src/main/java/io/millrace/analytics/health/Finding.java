package io.millrace.analytics.health;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.schemas.avro.ProviderCall;
import java.time.Duration;

/** What one call says about the provider's model. */
enum Finding {
  /** It works. */
  SUCCESS,
  /** It does not: no connection, no answer, or none that makes sense. */
  FAULT,
  /** It works, and has too much to do. */
  THROTTLED,
  /** Nothing: the request, the key or this pipeline was at fault. */
  NOTHING;

  /**
   * What a call says.
   *
   * @param patience a time-out below this was the caller's
   */
  static Finding of(ProviderCall call, Duration patience) {
    String code = call.getErrorCode();
    if (code == null) {
      return SUCCESS;
    }
    return switch (ErrorCode.ofWireName(code).orElse(ErrorCode.INTERNAL_ERROR)) {
      case UPSTREAM_UNREACHABLE, UPSTREAM_ERROR, UPSTREAM_INVALID_RESPONSE -> FAULT;
      case UPSTREAM_TIMEOUT ->
          call.getLatencyMicros() / 1_000 >= patience.toMillis() ? FAULT : NOTHING;
      case UPSTREAM_RATE_LIMITED -> THROTTLED;
      default -> NOTHING;
    };
  }
}
