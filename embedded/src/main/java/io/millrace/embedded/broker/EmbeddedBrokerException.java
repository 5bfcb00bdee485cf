package io.millrace.embedded.broker;

import org.jspecify.annotations.Nullable;

/**
 * The broker could not be started or stopped. The message is one sentence for people: what was
 * wrong, where, and what to do next.
 */
public final class EmbeddedBrokerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  EmbeddedBrokerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
