package io.millrace.workers.provider;

/** A request asks for something that the provider's wire format cannot say. */
final class UnmappableRequestException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Says what cannot be mapped, and what could. */
  UnmappableRequestException(String message) {
    super(message);
  }
}
