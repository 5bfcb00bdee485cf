package io.millrace.workers.provider;

/** A call took longer than one of its time limits allows. The message says which. */
final class CallTimeoutException extends Exception {

  private static final long serialVersionUID = 1L;

  CallTimeoutException(String message) {
    super(message);
  }
}
