package io.millrace.stages;

import io.millrace.plugin.model.ErrorCode;

/** What came of an operation at a hook. */
sealed interface OperationResult {

  /** Done. */
  record Answer(String json) implements OperationResult {}

  /** Not done: nothing has changed. */
  record Refusal(ErrorCode code, String message) implements OperationResult {}

  /** What was asked is wrong. */
  static Refusal wrong(String message) {
    return new Refusal(ErrorCode.INVALID_REQUEST, message);
  }

  /** The hook is wrong. */
  static Refusal failed(String message) {
    return new Refusal(ErrorCode.HOOK_FAILED, message);
  }
}
