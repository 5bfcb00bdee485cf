package io.millrace.embedded.registry;

/** The embedded registry did not come up; the message says what to do. */
public final class EmbeddedRegistryException extends RuntimeException {

  EmbeddedRegistryException(String message, Throwable cause) {
    super(message, cause);
  }
}
