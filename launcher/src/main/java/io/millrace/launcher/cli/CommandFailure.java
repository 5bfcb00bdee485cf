package io.millrace.launcher.cli;

import org.jspecify.annotations.Nullable;

/**
 * A command could not do what it was asked. The message is printed as it is, so it says in one
 * sentence what was wrong, where, and what to do next; the cause shows with {@code --verbose} only.
 * The exit code is 1.
 */
public final class CommandFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  public CommandFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** With a message for people, where no exception is behind it. */
  public CommandFailure(String message) {
    this(message, null);
  }
}
