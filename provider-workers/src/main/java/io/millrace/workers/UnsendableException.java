package io.millrace.workers;

import org.jspecify.annotations.Nullable;

/** A record that no repetition can send: it is too large, cannot be encoded, or has no topic. */
final class UnsendableException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final int index;

  /**
   * Says what cannot be sent.
   *
   * @param index its place among those it was to be sent with
   */
  UnsendableException(Reason reason, String message, int index, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.index = index;
  }

  Reason reason() {
    return reason;
  }

  /** Its place among those it was to be sent with. */
  int index() {
    return index;
  }

  /** Why a record cannot be sent; in lower case the value of a meter's tag. */
  enum Reason {
    MISSING_TOPIC,
    FORBIDDEN_TOPIC,
    TOO_LARGE,
    REJECTED,
    UNENCODABLE
  }
}
