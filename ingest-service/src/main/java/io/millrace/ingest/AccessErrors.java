package io.millrace.ingest;

import io.millrace.plugin.model.ErrorCode;

/** What senders are told about their credentials: always the same, whatever the cause. */
final class AccessErrors {

  private AccessErrors() {}

  /** The one answer to everything that is wrong with a credential. */
  static RefusedException unauthenticated() {
    return new RefusedException(
        ErrorCode.UNAUTHENTICATED
            .error("the credential is missing or not valid")
            .withAllowFallbacks(false));
  }

  /** The credential is right, and does not go this far. */
  static RefusedException forbidden(String message) {
    return new RefusedException(ErrorCode.FORBIDDEN.error(message).withAllowFallbacks(false));
  }

  /** Header or body name another tenant than the credential. */
  static RefusedException otherTenant() {
    return forbidden("the request names another tenant than its credential");
  }
}
