package io.millrace.stages.operate;

/** What came of a question. */
public sealed interface OperationAnswer {

  /**
   * It was done, and what it changed is committed.
   *
   * @param json the hook's answer, JSON text
   */
  record Done(String json) implements OperationAnswer {}

  /**
   * It was not done; nothing has changed.
   *
   * @param code stable name of what was wrong
   * @param httpStatus what a caller over HTTP is told
   * @param message what was wrong and what would be right
   */
  record Refused(String code, int httpStatus, String message) implements OperationAnswer {}

  /**
   * Nobody answered in time. It is not begun any more, but may have been done just before.
   *
   * @param message who should have answered
   */
  record Unanswered(String message) implements OperationAnswer {}
}
