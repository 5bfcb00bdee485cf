package io.millrace.workers;

import io.millrace.plugin.model.ErrorCode;

/** A record that no repetition makes usable: a dead letter. */
final class UnusableRecordException extends Exception {

  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  UnusableRecordException(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  ErrorCode code() {
    return code;
  }
}
