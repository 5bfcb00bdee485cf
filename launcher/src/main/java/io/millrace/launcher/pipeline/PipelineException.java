package io.millrace.launcher.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * A pipeline or one of its parts could not be started, or stopped by itself. The message is one
 * sentence for people: what was wrong, where, and what to do next.
 */
public final class PipelineException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  public PipelineException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
