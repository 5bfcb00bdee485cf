package io.millrace.workers;

/** A record that no repetition can send: it is too large, or cannot be encoded. */
final class UnsendableException extends Exception {

  private static final long serialVersionUID = 1L;

  UnsendableException(String message, Throwable cause) {
    super(message, cause);
  }
}
