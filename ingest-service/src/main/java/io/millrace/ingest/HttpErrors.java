package io.millrace.ingest;

import io.millrace.plugin.model.ErrorCode;
import io.millrace.plugin.model.PipelineError;
import java.time.Duration;

/** Errors that only exist over HTTP. */
final class HttpErrors {

  private static final Duration RETRY_SOON = Duration.ofSeconds(1);

  private HttpErrors() {}

  /** The caller's call is at fault, with a status of its own. */
  static PipelineError invalid(int status, String message) {
    return withStatus(ErrorCode.INVALID_REQUEST, status, message);
  }

  /** Nothing by this name. */
  static PipelineError notFound(String message) {
    return invalid(404, message);
  }

  /** Nothing at this path. */
  static PipelineError noSuchPath(String path) {
    return notFound(
        "there is no "
            + path
            + " here; there are /v1/chat/completions, /v1/embeddings, /v1/requests and /v1/models");
  }

  /** Something at this path, but not with this method. */
  static PipelineError wrongMethod(String path, String method, String taken) {
    return invalid(405, path + " does not take " + method + "; it takes " + taken);
  }

  /** No request by this id; the same for one of another tenant. */
  static PipelineError noRequest(String requestId) {
    return notFound(
        "there is no request "
            + requestId
            + " of this tenant; it may be older than results are kept");
  }

  /** It would work in a moment. */
  static PipelineError unavailable(String message) {
    return ErrorCode.UNAVAILABLE.error(message).withRetryAfter(RETRY_SOON);
  }

  /** Too many callers wait. */
  static PipelineError tooManyWaiting(int max) {
    return ErrorCode.QUEUE_FULL
        .error(
            max
                + " callers wait already, which is the bound; try again, or send"
                + " \"Prefer: respond-async\" and fetch the result later")
        .withRetryAfter(RETRY_SOON);
  }

  /**
   * Too many callers follow events.
   *
   * @param whose empty for everybody's
   */
  static PipelineError tooManyFollowing(int max, String whose) {
    return ErrorCode.QUEUE_FULL
        .error(
            max
                + " callers"
                + whose
                + " follow the events of requests on this instance already, which is the"
                + " bound; try again, or ask GET /v1/requests/{id} for the state")
        .withRetryAfter(RETRY_SOON);
  }

  /** The caller's time is over, the request may not be. */
  static PipelineError stillRunning(String requestId) {
    return ErrorCode.DEADLINE_EXCEEDED.error(
        "no result in time for request "
            + requestId
            + "; GET /v1/requests/"
            + requestId
            + " has it as soon as there is one");
  }

  private static PipelineError withStatus(ErrorCode code, int status, String message) {
    return new PipelineError(code.wireName(), code.category(), message, status, null, null, null);
  }
}
