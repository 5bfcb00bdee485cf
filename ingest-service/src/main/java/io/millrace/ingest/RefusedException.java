package io.millrace.ingest;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import org.jspecify.annotations.Nullable;

/** A request that goes no further; the error is what the sender gets. */
final class RefusedException extends Exception {

  private final transient PipelineError error;
  private final @Nullable String param;

  RefusedException(PipelineError error) {
    this(error, null);
  }

  /** A refusal for one field of the request. */
  RefusedException(PipelineError error, @Nullable String param) {
    super(error.message());
    this.error = error;
    this.param = param;
  }

  /** The sender's request is at fault. */
  static RefusedException invalid(String message) {
    return new RefusedException(ErrorCode.INVALID_REQUEST.error(message));
  }

  PipelineError error() {
    return error;
  }

  /** The path of the field at fault, or null. */
  @Nullable String param() {
    return param;
  }
}
